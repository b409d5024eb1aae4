package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.internal.HeaderCheck;

final class FolderDatasetTest {

  private static final Path CAMVID = Path.of("../../shared/data/camvid");

  @TempDir Path dir;

  @BeforeEach
  void writeDataset() throws IOException {
    TestImages.dataset(dir, 3, 8, 6);
  }

  @Test
  void imagesAndMasksAreReadTogether() {
    Dataset dataset = FolderDataset.open(dir);
    assertEquals(List.of("ground", "sky"), dataset.classes());
    assertEquals(3, dataset.size(Split.TRAINING));
    assertEquals(3, dataset.size(Split.VALIDATION));
    Sample sample = dataset.read(Split.TRAINING, 2);
    assertEquals("002", sample.name());
    assertEquals(10, sample.rgb()[0]);
    assertEquals(1, sample.labels()[0]);
    assertEquals(0, sample.labels()[7]);
    assertEquals(
        mask("002").toString().replace("annotations", "images"), dataset.file(Split.TRAINING, 2));
  }

  @Test
  void jpegImagesBelongToPngMasksOfTheSameBaseName() throws IOException {
    Path image = image("001");
    BufferedImage picture = TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 8, 6, 9, 9, 9);
    TestImages.write(image.resolveSibling("001.JPG"), TestImages.jpeg(picture));
    Files.delete(image);
    Files.writeString(image.resolveSibling("Thumbs.db"), "of no concern");
    assertEquals("001", FolderDataset.open(dir).read(Split.TRAINING, 1).name());
  }

  @Test
  void voidIsKept() throws IOException {
    writeMask("000", TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 8, 6, 255));
    assertEquals(Sample.VOID, FolderDataset.open(dir).read(Split.TRAINING, 0).labels()[0] & 0xFF);
  }

  @Test
  void aMissingMaskIsRefused() throws IOException {
    Files.delete(mask("001"));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir), image("001") + " has no mask; add " + mask("001"));
  }

  @Test
  void aMaskWithoutItsImageIsRefused() throws IOException {
    Files.delete(image("001"));
    Refusals.assertRefused(() -> FolderDataset.open(dir), mask("001") + " has no image");
  }

  @Test
  void twoImagesOfOneNameAreRefused() throws IOException {
    Files.copy(image("001"), image("001").resolveSibling("001.jpg"));
    Refusals.assertRefused(() -> FolderDataset.open(dir), "001.jpg", "001.png", "same base name");
  }

  @Test
  void aMaskOfAnotherSizeIsRefusedWithBothSizes() throws IOException {
    writeMask("000", TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 6, 8, 0));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir).read(Split.TRAINING, 0),
        image("000") + " is 8 x 6",
        mask("000") + " is 6 x 8");
  }

  @Test
  void aLabelOutOfRangeIsRefusedWithItsPlace() throws IOException {
    BufferedImage mask = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 8, 6, 0);
    mask.getRaster().setSample(5, 4, 0, 2);
    writeMask("000", mask);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir).read(Split.TRAINING, 0),
        "label 2 in " + mask("000") + " (column 5, row 4), but labels are 0-1 and 255 = void");
  }

  @Test
  void sixteenBitLabelsOutOfRangeAreRefused() throws IOException {
    writeMask("000", TestImages.plain(BufferedImage.TYPE_USHORT_GRAY, 8, 6, 256));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir).read(Split.TRAINING, 0), "label 256 in " + mask("000"));
  }

  @Test
  void anEmptyFolderIsRefused() throws IOException {
    for (String name : List.of("000", "001", "002")) {
      Files.delete(image(name));
    }
    Refusals.assertRefused(
        () -> FolderDataset.open(dir),
        "images/training has no images (JPEG, PNG, TIFF, BMP, GIF, WebP)");
  }

  @Test
  void missingFoldersAreRefused(@TempDir Path other) throws IOException {
    Path none = other.resolve("none");
    Refusals.assertRefused(() -> FolderDataset.open(none), none + " is not a folder");
    Files.writeString(other.resolve("classes.txt"), "a\n");
    Refusals.assertRefused(() -> FolderDataset.open(other), "images/training", "a data set has");
  }

  @Test
  void anImageThatIsGoneIsRefused() throws IOException {
    Dataset dataset = FolderDataset.open(dir);
    Files.delete(image("000"));
    Refusals.assertRefused(() -> dataset.read(Split.TRAINING, 0), "cannot read " + image("000"));
  }

  @Test
  void aFolderCalledLikeAnImageIsNone() throws IOException {
    Files.delete(image("000"));
    Files.createDirectory(image("000"));
    Refusals.assertRefused(() -> FolderDataset.open(dir), mask("000") + " has no image");
  }

  @Test
  void filesOfTheSystemBesideImagesAndMasksAreLeftOut() throws IOException {
    for (Path file : List.of(image("000"), mask("000"))) {
      Files.write(file.resolveSibling("._000.png"), new byte[] {0, 5, 22, 7});
      Files.createFile(file.resolveSibling(".DS_Store"));
    }
    assertEquals(3, FolderDataset.open(dir).size(Split.TRAINING));
  }

  @Test
  void anImageOfAFormatThatIsNotReadIsNamedAndNotCalledMissing() throws IOException {
    Files.delete(image("000"));
    Files.writeString(image("000").resolveSibling("000.heic"), "\0\0\0\u0018ftypheic");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir), "000.heic is of a format that is not read", "convert it");
  }

  @Test
  void headersShowAMaskOfAnotherSize() throws IOException {
    HeaderCheck files = (HeaderCheck) FolderDataset.open(dir);
    files.checkHeaders(Split.TRAINING);
    writeMask("001", TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 6, 8, 0));
    Refusals.assertRefused(
        () -> files.checkHeaders(Split.TRAINING),
        image("001") + " is 8 x 6",
        mask("001") + " is 6 x 8");
    files.checkHeaders(Split.VALIDATION);
  }

  @Test
  void allMasksOfASplitAreReadForTheirLabels() throws IOException {
    HeaderCheck files = (HeaderCheck) FolderDataset.open(dir);
    files.checkLabels(Split.TRAINING);
    writeMask("002", TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 8, 6, 9));
    Refusals.assertRefused(
        () -> files.checkLabels(Split.TRAINING), "label 9 in " + mask("002"), "files.labels");
    files.checkLabels(Split.VALIDATION);
  }

  @Test
  void badClassListsAreRefused() throws IOException {
    Path classes = dir.resolve("classes.txt");
    Files.writeString(classes, "");
    Refusals.assertRefused(() -> FolderDataset.open(dir), "classes.txt has 0 classes");
    Files.writeString(classes, "a\n\nb\n");
    Refusals.assertRefused(() -> FolderDataset.open(dir), "classes.txt has the class \"\"");
    Files.writeString(classes, "a\nb\na\n");
    Refusals.assertRefused(() -> FolderDataset.open(dir), "the class \"a\" empty or twice");
    Files.writeString(classes, "a\n".repeat(256));
    Refusals.assertRefused(() -> FolderDataset.open(dir), "256 classes; write 1-255");
    Files.write(classes, new byte[] {(byte) 0xE4});
    Refusals.assertRefused(() -> FolderDataset.open(dir), "as UTF-8 text");
    Files.delete(classes);
    Refusals.assertRefused(() -> FolderDataset.open(dir), "classes.txt is missing");
  }

  /** Nor does anything take longer than the line is long. */
  @Test
  void aLongLineOfAClassListIsOneName() throws IOException {
    Path list = dir.resolve("classes.txt");
    String name = "a" + " ".repeat(300_000) + "b";
    Files.writeString(list, name + "\n" + name + "c  #4682b4\n");
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> Refusals.assertRefused(() -> ClassTable.read(list), "gives 1 of 2 classes a colour"));
    Files.writeString(list, "with  spaces \t #4682b4\n#000000\nx#000001 #000002\n");
    Refusals.assertRefused(() -> ClassTable.read(list), "gives 2 of 3 classes a colour");
    Files.writeString(list, "with  spaces \t #4682b4\nx#000001 #000002\n");
    ClassTable table = ClassTable.read(list);
    assertEquals(List.of("with  spaces", "x#000001"), table.names());
    assertEquals(List.of(0x4682b4, 2), table.colours());
  }

  @Test
  void camvidIsReadRight() {
    assumeTrue(Files.isDirectory(CAMVID), "CamVid is not at " + CAMVID);
    Dataset dataset = FolderDataset.open(CAMVID);
    assertEquals(11, dataset.classes().size());
    assertEquals(367, dataset.size(Split.TRAINING));
    assertEquals(101, dataset.size(Split.VALIDATION));
    Sample sample = dataset.read(Split.TRAINING, 0);
    assertEquals("0001TP_006690", sample.name());
    assertEquals(480, sample.width());
    assertEquals(360, sample.height());
    int[] count = new int[256];
    int red = 0;
    for (int i = 0; i < sample.labels().length; i++) {
      count[sample.labels()[i] & 0xFF]++;
      red += sample.rgb()[3 * i] & 0xFF;
    }
    // counted with Pillow, as is the mean
    int[] expected = {23726, 64726, 1904, 16139, 11897, 2303, 2543, 0, 40851, 731, 0};
    assertArrayEquals(expected, Arrays.copyOf(count, 11));
    assertEquals(7980, count[Sample.VOID]);
    assertEquals(40.68784, red / (double) sample.labels().length, 1e-4);
  }

  private Path image(String name) {
    return dir.resolve("images/training").resolve(name + ".png");
  }

  private Path mask(String name) {
    return dir.resolve("annotations/training").resolve(name + ".png");
  }

  private void writeMask(String name, BufferedImage mask) throws IOException {
    TestImages.write(mask(name), TestImages.png(mask));
  }
}
