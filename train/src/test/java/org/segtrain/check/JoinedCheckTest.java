package org.segtrain.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.config.DataPart;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Pixels;
import org.segtrain.loss.internal.ClassWeights;

/** Several folders are judged as they are trained together. */
final class JoinedCheckTest {

  @TempDir Path dir;
  @TempDir Path cache;

  private SeededData one;
  private SeededData other;

  @BeforeEach
  void writesData() throws IOException {
    one = SeededData.in(Files.createDirectory(dir.resolve("one")));
    other = SeededData.in(Files.createDirectory(dir.resolve("other")));
    for (Path image : List.of(Path.of("images/training"), Path.of("images/validation"))) {
      for (int i = 0; i < 24; i++) {
        Path file = other.dir().resolve(image).resolve("%02d.png".formatted(i));
        if (Files.exists(file)) { // other pictures than the first folder has
          SeededData.write(file, Pixels.image(SeededData.picture(100 + i, 48, 40)));
        }
      }
    }
  }

  private TrainConfig config(double weight) {
    return one.settings()
        .with("data.path", "")
        .with(
            "data.parts",
            List.of(
                new DataPart(one.dir().toString(), 1),
                new DataPart(other.dir().toString(), weight)))
        .config();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3})
  void sharesAndWeightsAreThoseThatTrainingCounts(double weight) throws IOException {
    one.writeAllMasks(SeededData.full(0, 1, 2, 3));
    other.writeAllMasks(SeededData.full(0, 0, 0, 0, 0, 1, 2, 3));
    TrainConfig config = config(weight);
    CheckReport report = DataCheck.of(config, cache).run(CheckProgress.NONE);
    ClassWeights trained = ClassWeights.of(DatasetVariant.open(config), 1);
    for (int k = 0; k < 4; k++) {
      long[] pixel = new long[4];
      pixel[k] = 1;
      assertEquals(trained.total(pixel), report.classes().get(k).weight(), 1e-6);
    }
    double first = (0.25 + weight * 0.625) / (1 + weight);
    assertEquals(first, report.classes().get(0).shares().get(Split.TRAINING), 1e-9);
    double seen = report.classes().get(0).shares().get(Split.VALIDATION);
    assertEquals((0.25 + 0.625) / 2, seen, 1e-9, "validation has each image once");
    assertEquals(20 * 480 + 20 * 1200, report.classes().get(0).pixels().get(Split.TRAINING));
  }

  @Test
  void voidCountsAsOftenAsItsImages() throws IOException {
    one.writeAllMasks(SeededData.full(0, 1, 2, 3));
    other.writeAllMasks(SeededData.full(0, 1, 2, 255));
    CheckReport report = DataCheck.of(config(3), cache).run(CheckProgress.NONE);
    assertEquals(0.25 * 3 / 4, report.splits().get(0).voidShare(), 1e-9);
  }

  /** Each folder says itself what its colours mean, as in training. */
  @Test
  void foldersOfOtherColoursAreCheckedTogether() throws IOException {
    one.nameClasses(List.of("sky #0000ff", "road #00ff00", "tree #ff0000", "car #ffff00"));
    other.nameClasses(List.of("sky #ffff00", "road #ff0000", "tree #00ff00", "car #0000ff"));
    one.writeAllMasks(SeededData.coloured(0x0000ff, 0x00ff00, 0xff0000, 0xffff00));
    other.writeAllMasks(SeededData.coloured(0xffff00, 0xff0000, 0x00ff00, 0x0000ff));
    CheckReport report = DataCheck.of(config(1), cache).run(CheckProgress.NONE);
    assertEquals(List.of(), report.findings());
    assertEquals("#0000ff", report.classes().get(0).colour());
    for (int k = 0; k < 4; k++) {
      assertEquals(0.25, report.classes().get(k).shares().get(Split.TRAINING), 1e-9);
    }
    other.writeAllMasks(SeededData.coloured(0x0000ff, 0x00ff00, 0xff0000, 0x123456));
    List<Finding> findings = DataCheck.of(config(1), cache).run(CheckProgress.NONE).findings();
    assertEquals(Finding.Kind.UNKNOWN_COLOUR, findings.get(0).kind());
    assertEquals(24, findings.get(0).files().size());
    assertTrue(findings.get(0).sentence().contains("#123456"), findings::toString);
  }

  /** One option for all cannot mend one of them. */
  @Test
  void aFolderThatCountsOtherwiseIsToBeWrittenAnew() throws IOException {
    other.writeAllMasks(SeededData.full(1, 2, 3, 4));
    List<Finding> findings = DataCheck.of(config(1), cache).run(CheckProgress.NONE).findings();
    Finding first = findings.get(0);
    assertEquals(Finding.Kind.SHIFTED_VALUES, first.kind(), findings::toString);
    assertTrue(first.remedy().startsWith("write the masks of " + other.dir()), first.remedy());
    other.writeAllMasks(SeededData.full(1, 2, 3));
    one.writeAllMasks(SeededData.full(1, 2, 3));
    findings = DataCheck.of(config(1), cache).run(CheckProgress.NONE).findings();
    for (Finding found : findings) {
      assertFalse(found.remedy().contains("files.first"), found::toString);
    }
    other.writeAllMasks(SeededData.full(1, 2, 3, 4));
    one.writeAllMasks(SeededData.full(1, 2, 3, 4));
    findings = DataCheck.of(config(1), cache).run(CheckProgress.NONE).findings();
    assertEquals("give files.first 1 and files.voids 0", findings.get(0).remedy(), "of all");
  }
}
