package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Ade20kDatasetTest {

  private static final Path SAMPLE = Path.of("../../shared/data/ade20k-sample");

  @TempDir Path dir;

  @Test
  void zeroIsVoidAndValuesStartAtOne() throws IOException {
    write(0, 1, 150);
    byte[] labels = Ade20kDataset.open(dir).read(Split.TRAINING, 0).labels();
    assertEquals(Sample.VOID, labels[0] & 0xFF);
    assertEquals(0, labels[1]);
    assertEquals(149, labels[2] & 0xFF);
  }

  @Test
  void valuesAbove150AreRefused() throws IOException {
    write(0, 1, 151);
    Refusals.assertRefused(
        () -> Ade20kDataset.open(dir).read(Split.VALIDATION, 0),
        "label 151 in ",
        "labels are 1-150 and 0 = void");
    write(0, 1, 255);
    Refusals.assertRefused(
        () -> Ade20kDataset.open(dir).read(Split.VALIDATION, 0), "label 255 in ");
  }

  @Test
  void withoutDataItSaysWhereItLookedAndHowToGetIt() {
    Refusals.assertRefused(
        () -> Ade20kDataset.open(dir),
        dir.resolve("images").toString(),
        dir.resolve("ADEChallengeData2016/images").toString(),
        "ADEChallengeData2016.zip",
        "ADE20K scene parsing benchmark");
  }

  @Test
  void theOfficialSampleIsReadRight() {
    assumeTrue(Files.isDirectory(SAMPLE), "the ADE20K sample is not at " + SAMPLE);
    Dataset dataset = Ade20kDataset.open(SAMPLE);
    assertEquals(3, dataset.size(Split.TRAINING));
    for (int i = 0; i < 3; i++) {
      Sample sample = dataset.read(Split.TRAINING, i);
      Path mask =
          SAMPLE.resolve("ADEChallengeData2016/annotations/training/" + sample.name() + ".png");
      int[] stored = ImageFiles.readLabels(mask).values();
      for (int p = 0; p < stored.length; p++) {
        assertEquals(stored[p] == 0 ? 255 : stored[p] - 1, sample.labels()[p] & 0xFF);
      }
    }
    Dataset inner = Ade20kDataset.open(SAMPLE.resolve("ADEChallengeData2016"));
    assertEquals(3, inner.size(Split.VALIDATION));
  }

  @Test
  void classNamesAreTheFirstOnesOfTheOfficialList() throws IOException {
    Path official = SAMPLE.resolve("ADEChallengeData2016/objectInfo150.txt");
    assumeTrue(Files.exists(official), "the ADE20K sample is not at " + SAMPLE);
    List<String> names =
        Files.readAllLines(official).stream()
            .skip(1)
            .map(line -> line.substring(line.lastIndexOf('\t') + 1).replaceFirst(",.*", "").strip())
            .toList();
    List<String> classes = Ade20kDataset.open(SAMPLE).classes();
    assertEquals(names, classes);
    assertEquals(150, new HashSet<>(classes).size());
    assertTrue(classes.containsAll(List.of("wall", "building", "flag")));
  }

  /** One image a split, of three pixels. */
  private void write(int... values) throws IOException {
    BufferedImage mask = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    mask.getRaster().setPixels(0, 0, 3, 1, values);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_3BYTE_BGR);
    for (Split split : Split.values()) {
      TestImages.write(dir.resolve("images/" + split + "/a.png"), TestImages.png(image));
      TestImages.write(dir.resolve("annotations/" + split + "/a.png"), TestImages.png(mask));
    }
  }
}
