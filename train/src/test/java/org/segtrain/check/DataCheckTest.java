package org.segtrain.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.check.Finding.Kind;
import org.segtrain.config.DatasetVariant;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.Split;
import org.segtrain.data.TestImages;
import org.segtrain.errors.DataException;
import org.segtrain.recipes.Settings;

/** Faults that are seeded, and nothing else, are found, with the file and what to do. */
final class DataCheckTest {

  @TempDir Path dir;
  @TempDir Path cache;

  private SeededData data;

  @BeforeEach
  void writesData() throws IOException {
    data = SeededData.in(dir);
  }

  /** Spoils some files. */
  private interface Spoiling {
    /** Returns a file that must be named. */
    Path spoil(SeededData data) throws IOException;
  }

  /** Spoils the whole. */
  private interface SpoilingAll {
    void spoil(SeededData data) throws IOException;
  }

  /** Faults of single files, which do not hide one another. */
  private enum Fault {
    IMAGE_WITHOUT_MASK(
        Kind.IMAGE_WITHOUT_MASK,
        "add",
        data -> {
          Files.delete(data.mask("training", "00"));
          return data.image("training", "00.png");
        }),
    MASK_WITHOUT_IMAGE(
        Kind.MASK_WITHOUT_IMAGE,
        "take the mask out",
        data -> {
          Files.delete(data.image("training", "01.png"));
          return data.mask("training", "01");
        }),
    SAME_NAME(
        Kind.SAME_NAME,
        "keep one",
        data -> {
          Path image = data.image("training", "02.png");
          return Files.copy(image, data.image("training", "02.jpg"));
        }),
    UNREAD_FORMAT(
        Kind.UNREAD_FORMAT,
        "convert it",
        data -> {
          Files.delete(data.image("training", "03.png"));
          return Files.writeString(data.image("training", "03.heic"), "\0\0\0\u0018ftypheic");
        }),
    UNREADABLE_IMAGE(
        Kind.UNREADABLE_IMAGE,
        "replace it",
        data -> {
          SeededData.cut(data.image("training", "04.png"));
          return data.image("training", "04.png");
        }),
    UNREADABLE_MASK(
        Kind.UNREADABLE_MASK,
        "replace it",
        data -> {
          SeededData.damage(data.mask("training", "05"));
          return data.mask("training", "05");
        }),
    NOT_A_MASK(
        Kind.NOT_A_MASK,
        "export the labels again as PNG",
        data -> {
          Path mask = data.mask("training", "06");
          return Files.write(mask, TestImages.jpeg(SeededData.stripes(0, 1, 2, 3)));
        }),
    TOO_LARGE(
        Kind.TOO_LARGE,
        "cut it into tiles",
        data -> {
          SeededData.claim(data.image("training", "07.png"), 60_000, 50_000);
          return data.image("training", "07.png");
        }),
    SIZES_DIFFER(
        Kind.SIZES_DIFFER,
        "make them one size",
        data -> {
          Path mask = data.mask("training", "08");
          SeededData.write(mask, SeededData.stripesOf(40, 40, 0, 1, 2, 3));
          return mask;
        }),
    TURNED_BY_EXIF(
        Kind.TURNED_BY_EXIF,
        "turn the mask",
        data -> {
          Files.delete(data.image("training", "09.png"));
          byte[] jpeg =
              TestImages.jpeg(TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 48, 40, 7, 8, 9));
          return Files.write(
              data.image("training", "09.jpg"), TestImages.jpegWithOrientation(jpeg, 6));
        }),
    UNKNOWN_VALUE(
        Kind.UNKNOWN_VALUE,
        "files.labels 77=CLASS",
        data -> {
          SeededData.write(data.mask("training", "10"), SeededData.stripes(0, 1, 77, 3));
          return data.mask("training", "10");
        }),
    UNNAMED_COLOURS(
        Kind.UNNAMED_COLOURS,
        "write each class into classes.txt",
        data -> {
          SeededData.write(
              data.mask("training", "11"),
              TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 48, 40, 7, 8, 9));
          return data.mask("training", "11");
        }),
    VOID_MASK(
        Kind.VOID_MASK,
        "label it",
        data -> {
          SeededData.write(data.mask("training", "12"), SeededData.stripes(255));
          return data.mask("training", "12");
        }),
    SAME_IN_SPLITS(
        Kind.SAME_IN_SPLITS,
        "keep each in one split",
        data -> {
          data.write(
              "validation",
              "again",
              SeededData.picture(13, 48, 40),
              SeededData.stripes(0, 1, 2, 3));
          return data.image("training", "13.png");
        }),
    SIMILAR_IN_SPLITS(
        Kind.SIMILAR_IN_SPLITS,
        "keep each in one split",
        data -> {
          data.write(
              "validation",
              "larger",
              SeededData.picture(14, 96, 80),
              SeededData.stripesOf(96, 80, 0, 1, 2, 3));
          return data.image("validation", "larger.png");
        }),
    SAME_WITH_OTHER_MASK(
        Kind.SAME_WITH_OTHER_MASK,
        "keep the right mask",
        data -> {
          data.write(
              "training", "other", SeededData.picture(15, 48, 40), SeededData.stripes(3, 2, 1, 0));
          return data.image("training", "other.png");
        }),
    SAME_TWICE(
        Kind.SAME_TWICE,
        "keep one",
        data -> {
          data.write(
              "training", "twice", SeededData.picture(16, 48, 40), SeededData.stripes(0, 1, 2, 3));
          return data.image("training", "twice.png");
        }),
    TINY(
        Kind.TINY,
        "lower data.crop",
        data -> {
          data.write(
              "training",
              "17",
              SeededData.picture(17, 6, 6),
              SeededData.stripesOf(6, 6, 0, 1, 2, 3));
          return data.image("training", "17.png");
        }),
    ELONGATED(
        Kind.ELONGATED,
        "cut it into tiles",
        data -> {
          data.write(
              "training",
              "18",
              SeededData.picture(18, 200, 40),
              SeededData.stripesOf(200, 40, 0, 1, 2, 3));
          return data.image("training", "18.png");
        }),
    CLASS_ONLY_MEASURED(
        Kind.CLASS_ONLY_MEASURED,
        "add training images",
        data -> {
          data.nameClasses(List.of("sky", "road", "tree", "car", "lamp"));
          SeededData.write(data.mask("validation", "20"), SeededData.stripes(0, 1, 4, 3));
          return null;
        });

    private final Kind kind;
    private final String remedy;
    private final Spoiling spoiling;

    Fault(Kind kind, String remedy, Spoiling spoiling) {
      this.kind = kind;
      this.remedy = remedy;
      this.spoiling = spoiling;
    }

    private void assertIsSaid(Finding finding, Path file) {
      String said = finding.toString();
      assertTrue(said.contains(remedy), said);
      assertTrue(file == null || said.contains(file.toString()), said);
    }
  }

  /** Faults of a whole data set. */
  private enum Mistake {
    SHIFTED_BY_ONE(
        Kind.SHIFTED_VALUES,
        "files.first 1 and files.voids 0",
        data -> data.writeAllMasks(SeededData.full(0, 1, 2, 3, 4))),
    SHIFTED_WITH_VOID(
        Kind.SHIFTED_VALUES,
        "files.first 1 and files.voids 0,255",
        data -> data.writeAllMasks(SeededData.stripes(0, 1, 2, 3, 4))),
    BINARY(
        Kind.BINARY_MASKS,
        "files.labels 255=road",
        data -> data.writeAllMasks(SeededData.stripes(0, 255))),
    UNKNOWN_COLOUR(
        Kind.UNKNOWN_COLOUR,
        "names in classes.txt",
        data -> {
          data.nameClasses(List.of("sky #0000ff", "road #00ff00", "tree #ff0000", "car #ffff00"));
          BufferedImage mask = new BufferedImage(48, 40, BufferedImage.TYPE_3BYTE_BGR);
          int[] colours = {0x0000ff, 0x00ff00, 0xff0000, 0xffff00};
          for (int i = 0; i < 48 * 40; i++) {
            mask.setRGB(i % 48, i / 48, colours[i % 4]);
          }
          data.writeAllMasks(mask);
          mask.setRGB(3, 3, 0x123456);
          SeededData.write(data.mask("training", "03"), mask);
        }),
    PALETTE_COLOURS(
        Kind.PALETTE_COLOURS,
        "give files.colours",
        data -> {
          data.nameClasses(List.of("sky #0000ff", "road #00ff00", "tree #ff0000", "car #ffff00"));
          data.writeAllMasks(palette(0xffff00, 0xff0000, 0x00ff00, 0x0000ff));
        }),
    PALETTES_DIFFER(
        Kind.PALETTES_DIFFER,
        "give files.colours",
        data -> {
          data.writeAllMasks(palette(0xffff00, 0xff0000, 0x00ff00, 0x0000ff));
          SeededData.write(
              data.mask("training", "03"), palette(0xff0000, 0xffff00, 0x00ff00, 0x0000ff));
        }),
    CLASS_NOT_TRAINED(
        Kind.CLASS_NOT_TRAINED,
        "take it out of the classes",
        data -> data.nameClasses(List.of("sky", "road", "tree", "car", "lamp"))),
    CLASS_NOT_MEASURED(
        Kind.CLASS_NOT_MEASURED,
        "add validation images",
        data -> {
          data.nameClasses(List.of("sky", "road", "tree", "car", "lamp"));
          SeededData.write(data.mask("training", "00"), SeededData.stripes(0, 1, 4, 3));
        }),
    LEFT_OUT(
        Kind.LEFT_OUT,
        "1 hidden file",
        data -> Files.createFile(data.image("training", ".DS_Store"))),
    NO_IMAGES(
        Kind.NO_IMAGES,
        "add some, or say with files.splits",
        data -> Files.move(data.image("validation", ""), data.dir().resolve("elsewhere")));

    private final Kind kind;
    private final String remedy;
    private final SpoilingAll spoiling;

    Mistake(Kind kind, String remedy, SpoilingAll spoiling) {
      this.kind = kind;
      this.remedy = remedy;
      this.spoiling = spoiling;
    }

    private static BufferedImage palette(int... colours) {
      byte[] reds = new byte[4];
      byte[] greens = new byte[4];
      byte[] blues = new byte[4];
      for (int i = 0; i < 4; i++) {
        reds[i] = (byte) (colours[i] >> 16);
        greens[i] = (byte) (colours[i] >> 8);
        blues[i] = (byte) colours[i];
      }
      BufferedImage mask =
          new BufferedImage(
              48,
              40,
              BufferedImage.TYPE_BYTE_INDEXED,
              new IndexColorModel(8, 4, reds, greens, blues));
      for (int i = 0; i < 48 * 40; i++) {
        mask.getRaster().setSample(i % 48, i / 48, 0, i % 4);
      }
      return mask;
    }
  }

  private CheckReport check() {
    return DataCheck.of(data.config(), cache).run(CheckProgress.NONE);
  }

  private static Set<Kind> kinds(CheckReport report) {
    return report.findings().stream()
        .map(Finding::kind)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
  }

  @Test
  void dataWithoutAFaultHaveNoFinding() {
    CheckReport report = check();
    assertEquals(List.of(), report.findings());
    assertEquals(48, report.files());
    assertEquals(48, report.read());
    assertFalse(report.hasErrors());
  }

  @ParameterizedTest
  @Tag("slow") // the next has them all
  @EnumSource(Fault.class)
  void aFaultIsNamedAndNothingElse(Fault fault) throws IOException {
    Path file = fault.spoiling.spoil(data);
    CheckReport report = check();
    assertEquals(1, report.findings().size(), report.findings()::toString);
    assertEquals(fault.kind, report.findings().get(0).kind());
    fault.assertIsSaid(report.findings().get(0), file);
  }

  @Test
  void twentyFaultsAtOnceAreTwentyFindings() throws IOException {
    assertEquals(20, Fault.values().length);
    Map<Fault, Path> files = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      files.put(fault, fault.spoiling.spoil(data));
    }
    CheckReport report = check();
    assertTrue(report.hasErrors());
    assertEquals(20, report.findings().size(), report.findings()::toString);
    for (Fault fault : Fault.values()) {
      Finding found =
          report.findings().stream()
              .filter(finding -> finding.kind() == fault.kind)
              .findFirst()
              .orElseThrow(() -> new AssertionError(fault + " is not among " + report.findings()));
      fault.assertIsSaid(found, files.get(fault));
    }
  }

  @ParameterizedTest
  @EnumSource(Mistake.class)
  void aMistakeInAllFilesIsNamedAndNothingElse(Mistake mistake) throws IOException {
    mistake.spoiling.spoil(data);
    CheckReport report = check();
    assertEquals(EnumSet.of(mistake.kind), kinds(report), report.findings()::toString);
    String said = report.findings().get(0).toString();
    assertTrue(said.contains(mistake.remedy), said);
    assertEquals(mistake.kind.severity() == Finding.Severity.ERROR, report.hasErrors());
  }

  @Test
  void masksOneTooLowAreNamed() throws IOException {
    data.writeAllMasks(SeededData.stripes(0, 1, 2, 3));
    CheckReport report =
        DataCheck.of(
                data.settings().with("files.first", 1).with("files.voids", List.of(0)).config(),
                cache)
            .run(CheckProgress.NONE);
    assertEquals(EnumSet.of(Kind.SHIFTED_VALUES), kinds(report), report.findings()::toString);
    String said = report.findings().get(0).toString();
    assertTrue(said.contains("give files.first 0 and files.voids 255"), said);
  }

  /** One slip of the pen is no other way to count. */
  @Test
  void theValueBehindTheLastClassInOneMaskIsNoShift() throws IOException {
    SeededData.write(data.mask("training", "03"), SeededData.stripes(0, 1, 2, 4));
    CheckReport report = check();
    assertEquals(EnumSet.of(Kind.UNKNOWN_VALUE), kinds(report), report.findings()::toString);
    assertTrue(report.findings().get(0).sentence().contains("03.png has the value 4"));
  }

  /** Nor is it where few masks have it, which all masks of a good data set would be blamed for. */
  @Test
  void theValueBehindTheLastClassInSomeMasksIsNamedWithBothRemedies() throws IOException {
    for (String name : List.of("03", "04", "05", "06", "07", "08")) { // a quarter of them
      SeededData.write(data.mask("training", name), SeededData.stripes(255, 1, 2, 4));
    }
    CheckReport report = check();
    assertEquals(EnumSet.of(Kind.UNKNOWN_VALUE), kinds(report), report.findings()::toString);
    Finding found = report.findings().get(0);
    assertEquals(6, found.files().size());
    assertTrue(
        found.remedy().contains("if masks count from 1, give files.first 1"), found.remedy());
  }

  @Test
  void binaryMasksAmongOthersAreNamed() throws IOException {
    SeededData.write(data.mask("training", "03"), SeededData.stripes(0, 255));
    CheckReport report = check();
    assertEquals(EnumSet.of(Kind.BINARY_AMONG_OTHERS), kinds(report), report::toString);
    assertEquals(
        List.of(List.of(data.mask("training", "03").toString())), report.findings().get(0).files());
  }

  @Test
  void masksThatAreNotThereAreMissedImageByImage() throws IOException {
    Files.move(dir.resolve("annotations/training"), dir.resolve("elsewhere"));
    CheckReport report = check();
    assertTrue(kinds(report).contains(Kind.IMAGE_WITHOUT_MASK), report::toString);
    assertEquals(20, report.findings().get(0).files().size());
  }

  @Test
  void imagesWithoutMasksThatAreToBeSplitAreCountedOnce() throws IOException {
    Path images = Files.createDirectories(dir.resolve("beside/images"));
    Files.copy(dir.resolve("classes.txt"), dir.resolve("beside/classes.txt"));
    Files.copy(data.image("training", "00.png"), images.resolve("00.png"));
    Files.copy(data.mask("training", "00"), images.resolve("00_mask.png"));
    Settings beside =
        data.settings()
            .with("data.path", dir.resolve("beside").toString())
            .with("files.splitValidation", 0.2);
    CheckReport report = DataCheck.of(beside.config(), cache).run(CheckProgress.NONE);
    Finding found = report.findings().get(0);
    assertEquals(Kind.IMAGE_WITHOUT_MASK, found.kind());
    assertEquals(2, found.files().size());
    assertTrue(
        found.remedy().endsWith("images/{name}.png and files.masks images/{name}_mask.png"),
        found::remedy);
  }

  @Test
  void namesThatAreNoTextHideNoOtherFile() throws IOException {
    Files.copy(data.image("training", "03.png"), data.image("training", "a\nb.png"));
    SeededData.damage(data.mask("training", "05"));
    CheckReport report = check();
    assertEquals(EnumSet.of(Kind.BAD_NAME, Kind.UNREADABLE_MASK), kinds(report), report::toString);
  }

  @Test
  void aSemicolonInAFolderSplitsNoSentence() throws IOException {
    Path odd = Files.createDirectory(dir.resolve("my; data"));
    SeededData other = SeededData.in(odd);
    Files.delete(other.mask("training", "03"));
    SeededData.damage(other.mask("training", "05"));
    CheckReport report = DataCheck.of(other.config(), cache).run(CheckProgress.NONE);
    for (Finding finding : report.findings()) {
      assertTrue(
          finding
              .remedy()
              .matches(
                  "(add .* or take the image out|replace it or take it out with its (mask|image))"),
          finding::toString);
    }
    assertEquals(2, report.findings().size());
  }

  @Test
  void anImageIsNamedByItsContentWhereItsNameIsOfAnotherFormat() throws IOException {
    Files.move(data.image("training", "03.png"), data.image("training", "03.heic"));
    Finding found = check().findings().get(0);
    assertEquals(Kind.UNREAD_FORMAT, found.kind());
    assertTrue(found.sentence().endsWith("03.heic is PNG by its content"), found::toString);
    assertEquals("let its name end in .png", found.remedy());
  }

  @Test
  void imagesThatAreAllVoidCountAmongTheCrops() throws IOException {
    SeededData.write(data.mask("training", "03"), SeededData.stripes(255));
    CheckReport report = check();
    assertEquals(EnumSet.of(Kind.VOID_MASK), kinds(report), report::toString);
    assertEquals(1 / 20.0, report.voidCrops(), 1e-9);
  }

  @Test
  void voidIsCountedInImagesAndCrops() throws IOException {
    for (Path mask : data.masks()) {
      BufferedImage labels = SeededData.stripes(255);
      for (int i = 0; i < 4 * 40; i++) {
        labels.getRaster().setSample(44 + i % 4, i / 4, 0, 1);
      }
      SeededData.write(mask, labels);
    }
    CheckReport report =
        DataCheck.of(data.settings().with("data.minScale", 2).config(), cache)
            .run(CheckProgress.NONE);
    assertTrue(
        kinds(report).containsAll(Set.of(Kind.MOSTLY_VOID, Kind.VOID_CROPS)), report::toString);
    assertEquals(44 / 48.0, report.splits().get(0).voidShare(), 1e-9);
    double void64 = 78 / 91.0; // resized to 154 x 128, 141 columns are void; crops begin at 0-90
    assertEquals(void64, report.voidCrops(), 0.12);
  }

  @Test
  void listsAreCheckedLineByLine() throws IOException {
    Files.writeString(dir.resolve("training.txt"), "training/00\ntraining/00\ntraining/99\n");
    Files.writeString(dir.resolve("validation.txt"), "validation/20\n");
    CheckReport report =
        DataCheck.of(
                data.settings()
                    .with("files.images", "images/{name}")
                    .with("files.masks", "annotations/{name}")
                    .with("files.lists", "{split}.txt")
                    .config(),
                cache)
            .run(CheckProgress.NONE);
    assertEquals(EnumSet.of(Kind.WRONG_LIST), kinds(report), report.findings()::toString);
    String all = report.findings().toString();
    assertTrue(all.contains("in the lines 1 and 2"), all);
    assertTrue(all.contains("line 3 of"), all);
  }

  private List<Finding> listed(String train) throws IOException {
    Files.writeString(dir.resolve("train.txt"), train);
    Files.write(dir.resolve("val.txt"), names("validation", 20, 24));
    return DataCheck.of(listed(data.settings()).config(), cache)
        .run(CheckProgress.NONE)
        .findings()
        .stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .toList();
  }

  private static Settings listed(Settings settings) {
    return settings
        .with("files.images", "images/{name}")
        .with("files.masks", "annotations/{name}")
        .with("files.lists", "{split}.txt");
  }

  @Test
  void linesMayHaveWholePaths() throws IOException {
    String whole = data.image("training", "02.png").toAbsolutePath().toString();
    assertEquals(
        List.of(),
        listed("./images/training/00.png\nimages/training/01.png\n%s\n".formatted(whole)));
  }

  @Test
  void whatIsWrongWithLinesOfListsIsSaidWithTheirNumbers() throws IOException {
    String list = dir.resolve("train.txt").toString();
    List<Finding> two =
        listed(
            """
            images/training/00.png annotations/training/00.png
            training/01
            images/training/02.png,annotations/training/02.png
            """);
    assertEquals(List.of(Kind.WRONG_LIST), two.stream().map(Finding::kind).toList());
    assertTrue(two.get(0).sentence().contains("which is more than one name"), two::toString);
    assertTrue(two.get(0).remedy().startsWith("write one name a line"), two::toString);
    assertEquals(List.of(List.of(list + ":1"), List.of(list + ":3")), two.get(0).files());
    Finding elsewhere = listed("training/01\n/elsewhere/images/training/02.png\n").get(0);
    assertTrue(elsewhere.sentence().contains("which is not below " + dir), elsewhere::toString);
    Finding both = listed("training/01\nvalidation/21\n").get(0);
    assertEquals(Kind.WRONG_LIST, both.kind());
    assertTrue(
        both.sentence().contains("the training and the validation list both name"), both::toString);
    Finding none = listed("\n \n").get(0);
    assertTrue(none.sentence().endsWith("train.txt names no image"), none::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void aListOfAnotherEncodingIsWrong(String encoding) throws IOException {
    List<Finding> good = listed("training/01\n");
    assertEquals(List.of(), good);
    Files.write(dir.resolve("train.txt"), "training/\u00e4\ntraining/01\n".getBytes(encoding));
    CheckReport report =
        DataCheck.of(listed(data.settings()).config(), cache).run(CheckProgress.NONE);
    Finding found = report.findings().get(0);
    assertEquals(Kind.WRONG_LIST, found.kind());
    assertTrue(found.sentence().endsWith("train.txt is no UTF-8 text"), found::toString);
    assertEquals("save it so", found.remedy());
    DataException refused =
        assertThrows(
            DataException.class,
            () -> DatasetVariant.open(listed(data.settings()).config()).size(Split.TRAINING));
    assertTrue(refused.getMessage().endsWith("is no UTF-8 text; save it so"), refused::toString);
    Files.write(dir.resolve("classes.txt"), "sky\nroad\n".getBytes(encoding));
    refused = assertThrows(DataException.class, () -> FolderDataset.open(dir));
    assertTrue(refused.getMessage().endsWith("as UTF-8 text; save it so"), refused::toString);
  }

  @Test
  void validationImagesThatASplitDropsAreSaid() throws IOException {
    Settings divided = data.settings().with("files.splitValidation", 0.2);
    CheckReport report = DataCheck.of(divided.config(), cache).run(CheckProgress.NONE);
    Finding found = report.findings().get(0);
    assertEquals(EnumSet.of(Kind.LEFT_OUT), kinds(report), report.findings()::toString);
    assertTrue(
        found
            .sentence()
            .contains("validation images: 4 validation images in a folder of their own"),
        found::toString);
    Files.write(dir.resolve("train.txt"), names("training", 0, 20));
    Files.write(dir.resolve("val.txt"), names("validation", 20, 24));
    report = DataCheck.of(listed(divided).config(), cache).run(CheckProgress.NONE);
    assertEquals(EnumSet.of(Kind.LEFT_OUT), kinds(report), report.findings()::toString);
  }

  private static List<String> names(String split, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "%s/%02d".formatted(split, i)).toList();
  }

  @Test
  void whatDidNotChangeIsNotReadAgain() throws IOException {
    CheckReport first = check();
    CheckReport again = check();
    assertEquals(0, again.read());
    assertEquals(first.classes(), again.classes());
    SeededData.write(data.mask("training", "03"), SeededData.stripes(3, 3, 2, 1, 0, 1, 2));
    assertEquals(1, check().read());
  }

  @Test
  void aCacheThatIsNotWholeIsForgotten() throws IOException {
    check();
    List<Path> files;
    try (var found = Files.list(cache)) {
      files = found.toList();
    }
    assertEquals(1, files.size());
    byte[] bytes = Files.readAllBytes(files.get(0));
    Set<Integer> read = new HashSet<>();
    for (int at : new int[] {3, bytes.length / 2, bytes.length - 3}) {
      byte[] broken = bytes.clone();
      broken[at] ^= 0x55;
      Files.write(files.get(0), broken);
      CheckReport report = check();
      assertEquals(List.of(), report.findings());
      read.add(report.read());
    }
    Files.writeString(files.get(0), "no cache");
    read.add(check().read());
    assertTrue(read.contains(48) && read.size() <= 2, read::toString);
  }

  @Test
  void sharesAndWeightsAreThoseOfThePixels() throws IOException {
    data.writeAllMasks(SeededData.full(0, 0, 0, 0, 0, 1, 2, 3));
    CheckReport report = check();
    assertEquals(20L * 30 * 40, report.classes().get(0).pixels().get(Split.TRAINING));
    assertEquals(4, report.classes().get(3).images().get(Split.VALIDATION));
    assertEquals(48 / (4.0 * 30), report.classes().get(0).weight(), 1e-9);
    assertEquals(48 / (4.0 * 6), report.classes().get(3).weight(), 1e-9);
    assertEquals("48 x 40", report.splits().get(1).sizes().keySet().iterator().next());
  }

  @Test
  void progressIsToldOncePerFile() {
    List<Integer> told = new ArrayList<>();
    DataCheck.of(data.config(), cache).run((done, all) -> told.add(100 * done + all));
    assertEquals(48, told.size());
    assertEquals(4848, told.get(47));
  }

  @Test
  void aFileIsAmongDataByTheirPatterns() {
    Settings flat =
        data.settings()
            .with("files.images", "{name}.jpg")
            .with("files.masks", "masks/{name}.png")
            .with("files.splitValidation", 0.2);
    assertTrue(DataCheck.isAmongData(flat.config(), dir.resolve("masks/x.png")));
    assertFalse(DataCheck.isAmongData(flat.config(), dir.resolve("new/masks/x.png")));
    assertTrue(DataCheck.isAmongData(data.config(), data.image("training", "new/x.png")));
    assertFalse(DataCheck.isAmongData(data.config(), dir.resolve("legend.png")));
    Settings gone = data.settings().with("data.path", dir.resolve("gone").toString());
    assertFalse(DataCheck.isAmongData(gone.config(), dir.resolve("gone/masks/x.png")));
  }
}
