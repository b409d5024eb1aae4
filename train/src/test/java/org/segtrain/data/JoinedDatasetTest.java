package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.segtrain.data.Refusals.assertRefused;
import static org.segtrain.data.Refusals.assertUsage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.internal.Portioned;
import org.segtrain.data.internal.Portioned.Portion;

final class JoinedDatasetTest {

  @TempDir Path dir;
  private Path a;
  private Path b;

  @BeforeEach
  void writeTwo() throws IOException {
    a = TestImages.dataset(Files.createDirectory(dir.resolve("a")), 2, 8, 6);
    b = TestImages.dataset(Files.createDirectory(dir.resolve("b")), 3, 6, 8);
  }

  private static Dataset open(Path folder) {
    return FolderDataset.open(folder, DataFiles.USUAL);
  }

  private JoinedDataset joined() {
    return JoinedDataset.of(open(a), 1).and(open(b), 0.5);
  }

  @Test
  void samplesOfTheSecondFollowThoseOfTheFirst() {
    JoinedDataset joined = joined();
    assertEquals(5, joined.size(Split.TRAINING));
    assertEquals(List.of("ground", "sky"), joined.classes());
    assertEquals("folder", joined.name());
    assertEquals(
        List.of(8, 8, 6, 6, 6),
        IntStream.range(0, 5).mapToObj(i -> joined.read(Split.TRAINING, i).width()).toList());
    assertEquals(b.resolve("images/test/001.png").toString(), joined.file(Split.TEST, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> joined.file(Split.TEST, 5));
  }

  @Test
  void portionsHaveTheWeightsWhoeverWrapsThem() {
    List<Portion> portions = List.of(new Portion(2, 1), new Portion(3, 0.5));
    assertEquals(portions, Portioned.of(joined()));
    assertEquals(portions, Portioned.of(SkippingDataset.forTraining(joined())));
    assertEquals(List.of(new Portion(2, 1)), Portioned.of(open(a)));
    assertEquals(
        "an epoch has 2 of 2 training images of %s, 2 of 3 of %s".formatted(a, b),
        joined().toString());
  }

  @Test
  void validationIsThatOfAllThatHaveOne() throws IOException {
    assertEquals(5, joined().size(Split.VALIDATION));
    move(a.resolve("images/validation"));
    assertEquals(3, joined().size(Split.VALIDATION));
    assertEquals(6, joined().read(Split.VALIDATION, 0).width());
    move(b.resolve("images/validation"));
    assertRefused(() -> joined().size(Split.VALIDATION), "has no validation images");
  }

  @Test
  void headersOfAllAreLookedAt() throws IOException {
    Path mask = b.resolve("annotations/validation/001.png");
    Files.copy(a.resolve("annotations/validation/001.png"), mask.resolveSibling("other"));
    Files.move(mask.resolveSibling("other"), mask, StandardCopyOption.REPLACE_EXISTING);
    assertRefused(() -> joined().checkHeaders(Split.VALIDATION), mask + " is 8 x 6");
  }

  @Test
  void otherClassesAreRefusedWithBoth() throws IOException {
    Files.writeString(b.resolve("classes.txt"), "ground\ntree\n");
    assertRefused(
        this::joined,
        "%s has 2 classes and class 1 is \"sky\", but %s has 2 and \"tree\"".formatted(a, b));
    Files.writeString(b.resolve("classes.txt"), "ground\n");
    assertRefused(this::joined, "class 1 is \"sky\"", "has 1 and none");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1001, Double.NaN, Double.POSITIVE_INFINITY})
  void weightsThatAreNoneAreRefused(double weight) {
    assertUsage(
        () -> JoinedDataset.of(open(a), weight),
        "must be above 0 and at most 1000, but is " + weight);
  }

  private static void move(Path folder) throws IOException {
    Files.move(folder, folder.resolveSibling("elsewhere"));
  }
}
