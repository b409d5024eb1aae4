package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SkippingDatasetTest {

  @TempDir Path dir;

  @BeforeEach
  void breakOneOfThree() throws IOException {
    TestImages.dataset(dir, 3, 8, 6);
    for (Split split : Split.values()) {
      Files.write(dir.resolve("images/%s/001.png".formatted(split)), new byte[0]);
    }
  }

  @Test
  void trainingTakesTheNextInItsPlace() {
    SkippingDataset readable = SkippingDataset.forTraining(FolderDataset.open(dir));
    assertEquals("002", readable.read(Split.TRAINING, 1).name());
    assertEquals("000", readable.read(Split.TRAINING, 0).name());
    String file = readable.file(Split.TRAINING, 1);
    assertEquals(
        List.of(file + " is empty; replace it or take it out with its mask"), readable.sentences());
  }

  @Test
  void whatIsMeasuredIsNotReplacedButCountsForNothing() {
    for (SkippingDataset readable :
        List.of(
            SkippingDataset.forTraining(FolderDataset.open(dir)),
            SkippingDataset.forMeasuring(FolderDataset.open(dir)))) {
      Sample sample = readable.read(Split.VALIDATION, 1);
      assertEquals(1, sample.labels().length);
      assertEquals(Sample.VOID, sample.labels()[0] & 0xFF);
      readable.read(Split.VALIDATION, 1);
      assertEquals(1, readable.sentences().size()); // counted once
    }
  }

  @Test
  void whereNothingCanBeReadItSaysSo() throws IOException {
    for (String name : List.of("000", "002")) {
      Files.write(dir.resolve("images/training/%s.png".formatted(name)), new byte[] {1});
    }
    SkippingDataset readable = SkippingDataset.forTraining(FolderDataset.open(dir));
    assertRefused(
        () -> readable.read(Split.TRAINING, 1),
        "none of the 3 training images",
        "001.png is empty");
  }
}
