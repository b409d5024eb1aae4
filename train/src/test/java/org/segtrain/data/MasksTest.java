package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MasksTest {

  /** Three pixels, written by libwebp. */
  private static final String LOSSY_WEBP =
      "UklGRigAAABXRUJQVlA4IBwAAABwAQCdASoDAAEAB0CWJZQCdAFAAAD+7qHnDgAA";

  @TempDir Path dir;

  @BeforeEach
  void writeImages() throws IOException {
    TestImages.dataset(dir, 1, 3, 1);
  }

  @Test
  void binaryMasksHaveAForegroundIfItIsSaid() throws IOException {
    write(grey(0, 255, 1));
    assertLabels(values(0, List.of(255), List.of("255=sky")), 0, 1, 1);
  }

  @Test
  void aValueBesideTheOnlyClassAsksForTheBackground() {
    LabelRule rule = LabelRule.ofLabels(values(0, List.of(), List.of("255=crack")));
    Refusals.assertRefused(
        () -> rule.apply(new LabelMap(3, 1, new int[] {0, 255, 255}), Path.of("a.png"), 0),
        "label 0 in a.png (column 0, row 0) means nothing",
        "one class only, \"crack\"",
        "files.labels 0=background,255=crack");
  }

  @Test
  void aDeclaredShiftIsTakenOff() throws IOException {
    write(grey(0, 1, 2));
    assertLabels(values(1, List.of(0), List.of()), 255, 0, 1);
    Refusals.assertRefused(
        () -> read(DataFiles.USUAL),
        "label 2 in",
        "labels are 0-1 and 255 = void",
        "files.first, files.voids or files.labels");
  }

  @Test
  void valuesOfSixteenBitsCanBeClasses() throws IOException {
    BufferedImage mask = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    mask.getRaster().setPixels(0, 0, 3, 1, new int[] {7, 26_001, 65_535});
    write(mask);
    assertLabels(values(0, List.of(7), List.of("26000-26999=sky", "65535=ground")), 255, 1, 0);
  }

  @Test
  void withoutAListTheLabelsNameTheClasses() throws IOException {
    Files.delete(dir.resolve("classes.txt"));
    write(grey(0, 255, 7));
    DataFiles files = values(0, List.of(7), List.of("0=background", "255=crack"));
    assertEquals(List.of("background", "crack"), FolderDataset.open(dir, files).classes());
    assertLabels(files, 0, 1, 255);
    write(grey(0, 255, 1));
    Refusals.assertRefused(() -> read(files), "label 1 in", "labels are 0, 255 and 7 = void");
  }

  @Test
  void coloursOfATableAreClasses() throws IOException {
    Files.writeString(
        dir.resolve("classes.txt"), "sky #4682b4\nvoid #000000\ntraffic light #FAAA1E\n");
    write(rgb(0x4682b4, 0xfaaa1e, 0x000000));
    assertEquals(
        List.of("sky", "traffic light"), FolderDataset.open(dir, DataFiles.USUAL).classes());
    assertLabels(DataFiles.USUAL, 0, 1, 255);
    write(rgb(0x4682b4, 0xfaaa1e, 0x010203));
    Refusals.assertRefused(
        () -> read(DataFiles.USUAL), "the colour #010203 in", "(column 2, row 0)", "classes.txt");
    assertEquals(
        List.of("#4682b4", "#faaa1e"),
        FolderDataset.palette(FolderDataset.open(dir, DataFiles.USUAL)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "tiff", "webp"})
  void coloursCountInEachFormatThatKeepsThem(String format) throws IOException {
    Path file = dir.resolve("annotations/training/000." + format);
    Files.delete(mask());
    if (format.equals("webp")) { // 4 x 3
      TestImages.write(file, ImageFormatsTest.WEBP);
      Files.delete(dir.resolve("images/training/000.png"));
      TestImages.write(dir.resolve("images/training/000.webp"), ImageFormatsTest.WEBP);
    } else {
      ImageIO.write(rgb(0x0a141e, 0x0a141e, 0xc86432), format, file.toFile());
    }
    Refusals.assertRefused(
        () -> read(DataFiles.USUAL), "is a colour image", "colours found: #0a141e, #c86432");
    Files.writeString(dir.resolve("classes.txt"), "ground #0a141e\nsky #c86432\n");
    byte[] labels = read(DataFiles.USUAL);
    assertEquals(0, labels[0]);
    assertEquals(1, labels[format.equals("webp") ? 9 : 2]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "tiff", "gif"})
  void valuesCountInEachFormatThatHasThem(String format) throws IOException {
    Files.delete(mask());
    byte[] shades = Arrays.copyOf(new byte[] {2, 1, 9}, 200); // 8 bits in each format
    IndexColorModel palette = new IndexColorModel(8, 200, shades, shades, shades);
    BufferedImage mask = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    mask.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 1, 0});
    ImageIO.write(mask, format, dir.resolve("annotations/training/000." + format).toFile());
    assertLabels(DataFiles.USUAL, 0, 1, 0);
  }

  @Test
  void aGifInColoursOfClassesIsReadByThem() throws IOException {
    Files.delete(mask());
    byte[] shades = {2, 1};
    BufferedImage mask =
        new BufferedImage(
            3,
            1,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 2, shades, shades, shades));
    mask.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 1, 0});
    ImageIO.write(mask, "gif", dir.resolve("annotations/training/000.gif").toFile());
    Files.writeString(dir.resolve("classes.txt"), "ground #010101\nsky #020202\n");
    assertLabels(DataFiles.USUAL, 1, 0, 1);
    Files.writeString(dir.resolve("classes.txt"), "ground #010101\nsky #020203\n");
    assertLabels(DataFiles.USUAL, 0, 1, 0);
  }

  @Test
  void coloursWithoutATableAreListed() throws IOException {
    write(rgb(0x4682b4, 0xfaaa1e, 0x4682b4));
    Refusals.assertRefused(
        () -> read(DataFiles.USUAL), "is a colour image", "colours found: #4682b4, #faaa1e");
  }

  @Test
  void aPaletteCountsIfItIsSaid() throws IOException {
    Files.writeString(dir.resolve("classes.txt"), "ground #010101\nsky #020202\n");
    byte[] shades = {2, 1, 9};
    IndexColorModel palette = new IndexColorModel(8, 3, shades, shades, shades);
    BufferedImage mask = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    mask.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 1, 0});
    write(mask);
    assertLabels(DataFiles.USUAL, 0, 1, 0);
    DataFiles coloured =
        new DataFiles("", "", List.of(), "", 0, 0, List.of(255), List.of(), true, List.of());
    assertLabels(coloured, 1, 0, 1);
  }

  @Test
  void aJpegIsNoMaskOfColours() throws IOException {
    Files.writeString(dir.resolve("classes.txt"), "ground #010101\nsky #020202\n");
    TestImages.write(mask(), TestImages.jpeg(rgb(0x010101, 0x020202, 0x010101)));
    DataFiles coloured =
        new DataFiles("", "", List.of(), "", 0, 0, List.of(255), List.of(), true, List.of());
    for (DataFiles files : List.of(coloured, DataFiles.USUAL)) {
      Refusals.assertRefused(() -> read(files), "is a JPEG", "export the labels again as PNG");
    }
    TestImages.write(mask(), Base64.getDecoder().decode(LOSSY_WEBP));
    for (DataFiles files : List.of(coloured, DataFiles.USUAL)) {
      Refusals.assertRefused(
          () -> read(files), "is a lossy WebP", "export the labels again as PNG");
    }
  }

  @Test
  void blankLinesAndByteOrderMarksDoNotShiftNumbers() throws IOException {
    Files.writeString(dir.resolve("classes.txt"), "\uFEFF\n \nground\n  sky \n\n");
    assertEquals(List.of("ground", "sky"), FolderDataset.readClasses(dir.resolve("classes.txt")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a #000000;b          | gives 1 of 2 classes a colour
          a #000000;b #000000  | the same colour #000000
          void #000000;a       | gives 0 of 1 class a colour
          void #000000         | has 0 classes
          a;;b                 | the class "" empty or twice
          """)
  void tablesThatAreNoneAreRefused(String lines, String sentence) throws IOException {
    Path list = dir.resolve("classes.txt");
    Files.writeString(list, lines.replace(";", "\n"));
    Refusals.assertRefused(() -> ClassTable.read(list), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | 255 | 255=skky    | unknown class "skky"; did you mean sky?
          0 | 255 | sky=255     | files.labels are VALUE=CLASS
          0 | 255 | 7=sky,7=ground | files.labels says that 7 is "sky" and "ground"; keep one
          0 | 255 | 9-3=sky     | give them upwards
          0 | 255 | 0-70000=sky | at most 65535
          0 | 0   |             | files.voids has 0, which is the value of the class "ground"
          0 | -1  |             | from 0 to 65535, but one is -1
          """)
  void rulesThatAreNoneAreRefused(int first, int isVoid, String label, String sentence) {
    List<String> labels = label == null ? List.of() : List.of(label.split(","));
    Refusals.assertUsage(
        () -> FolderDataset.open(dir, values(first, List.of(isVoid), labels)), sentence);
  }

  private void assertLabels(DataFiles files, int... expected) {
    byte[] labels = read(files);
    int[] read = {labels[0] & 0xFF, labels[1] & 0xFF, labels[2] & 0xFF};
    assertArrayEquals(expected, read);
  }

  private byte[] read(DataFiles files) {
    return FolderDataset.open(dir, files).read(Split.TRAINING, 0).labels();
  }

  private static DataFiles values(int first, List<Integer> voids, List<String> labels) {
    return new DataFiles("", "", List.of(), "", 0, first, voids, labels, false, List.of());
  }

  private static BufferedImage grey(int... values) {
    BufferedImage mask = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    mask.getRaster().setPixels(0, 0, 3, 1, values);
    return mask;
  }

  private static BufferedImage rgb(int... colours) {
    BufferedImage mask = new BufferedImage(3, 1, BufferedImage.TYPE_3BYTE_BGR);
    mask.setRGB(0, 0, 3, 1, colours, 0, 3);
    return mask;
  }

  private void write(BufferedImage image) throws IOException {
    TestImages.write(mask(), TestImages.png(image));
  }

  private Path mask() {
    return dir.resolve("annotations/training/000.png");
  }
}
