package org.segtrain.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.check.Finding.Kind;
import org.segtrain.config.DatasetVariant;
import org.segtrain.data.Refusals;
import org.segtrain.data.Split;
import org.segtrain.data.TestImages;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.recipes.Settings;

/** What is proposed where values and colours mean nothing, and that no two remedies contradict. */
final class ValueFindingsTest {

  @TempDir Path dir;
  @TempDir Path cache;

  private SeededData data;

  @BeforeEach
  void writesData() throws IOException {
    data = SeededData.in(dir);
  }

  private List<Finding> check(Settings settings) {
    return DataCheck.of(settings.config(), cache).run(CheckProgress.NONE).findings();
  }

  private Finding only(Settings settings, Kind kind) {
    List<Finding> findings = check(settings);
    assertEquals(List.of(kind), findings.stream().map(Finding::kind).toList(), findings::toString);
    return findings.get(0);
  }

  @Test
  void aShiftSaysTheValueThatMeansNothing() throws IOException {
    data.writeAllMasks(SeededData.full(1, 2, 3, 4));
    Finding found = only(data.settings(), Kind.SHIFTED_VALUES);
    assertTrue(
        found.sentence().contains("24 of 24 masks have the value 4, which means nothing;"),
        found::toString);
    assertTrue(found.sentence().contains("all values are 1-4"), found::toString);
  }

  /** Values 1-4 in a palette: the first class may be any of these colours. */
  @Test
  void coloursOfAPaletteCountBeforeAShift() throws IOException {
    data.writeAllMasks(SeededData.painted(1, 0xffff00, 0xff0000, 0x00ff00, 0x0000ff));
    Finding found = only(data.settings(), Kind.UNKNOWN_VALUE);
    assertTrue(
        found.sentence().endsWith("instead: #0000ff, #00ff00, #ff0000, #ffff00"), found::toString);
    assertTrue(found.remedy().endsWith(", and give files.colours"), found.remedy());
    data.nameClasses(List.of("sky #0000ff", "road #00ff00", "tree #ff0000", "car #ffff00"));
    assertEquals(List.of(), check(data.settings().with("files.colours", true)));
    for (Finding each : check(data.settings())) {
      assertTrue(each.remedy().contains("files.colours"), each::toString);
      assertFalse(each.toString().contains("files.first"), each::toString);
    }
  }

  /** A grey palette says nothing of classes. */
  @Test
  void aPaletteOfGreysIsShifted() throws IOException {
    data.writeAllMasks(SeededData.painted(1, 0x010101, 0x020202, 0x030303, 0x040404));
    Finding found = only(data.settings(), Kind.SHIFTED_VALUES);
    assertEquals("give files.first 1 and files.voids 0", found.remedy());
  }

  @Test
  void onlyWhatChangesIsProposed() throws IOException {
    data.writeAllMasks(SeededData.full(0, 1, 2, 3, 4));
    Finding found = only(data.settings().with("files.voids", List.of(7)), Kind.SHIFTED_VALUES);
    assertEquals("give files.first 1 and files.voids 0", found.remedy());
    data.writeAllMasks(SeededData.stripes(0, 1, 2, 3));
    found = only(data.settings().with("files.voids", List.of(7)), Kind.SHIFTED_VALUES);
    assertEquals("give files.voids 255", found.remedy());
  }

  @Test
  void oneClassIsAnErrorAndNothingProposesToKeepIt() throws IOException {
    data.writeAllMasks(SeededData.stripes(0, 255));
    data.nameClasses(List.of("crack"));
    Finding found = only(data.settings(), Kind.ONE_CLASS);
    assertEquals(Finding.Severity.ERROR, found.severity());
    assertTrue(found.sentence().contains("one class only, \"crack\""), found::toString);
    assertTrue(found.remedy().contains("classes.txt too"), found.remedy());
    Files.delete(dir.resolve("classes.txt"));
    Settings labels = data.settings().with("files.labels", List.of("0=void", "255=crack"));
    found = check(labels).get(0);
    assertEquals(Kind.ONE_CLASS, found.kind());
    assertTrue(found.remedy().endsWith("files.labels 0=background,255=crack"), found.remedy());
    Settings one = data.settings().with("files.labels", List.of("255=crack"));
    found = only(one, Kind.ONE_CLASS);
    assertTrue(found.remedy().endsWith("files.labels 0=background,255=crack"), found.remedy());
    Settings ground = data.settings().with("files.labels", List.of("0=background"));
    found = only(ground, Kind.ONE_CLASS);
    assertTrue(found.remedy().endsWith("files.labels 0=background,255=foreground"), found.remedy());
    Settings both = data.settings().with("files.labels", List.of("0=background", "255=crack"));
    assertEquals(List.of(), check(both));
  }

  /** As training refuses them. */
  @Test
  void masksWithoutForegroundAreFoundAfterOptionsAreApplied() throws IOException {
    data.writeAllMasks(SeededData.full(0, 128, 255));
    data.nameClasses(List.of("background", "car"));
    Settings settings = data.settings().with("files.labels", List.of("128=void"));
    Finding found = only(settings, Kind.BINARY_MASKS);
    assertTrue(
        found.sentence().contains("values 0, 128 and 255 alone, and 128 and 255 mean void"),
        found::toString);
    assertEquals("if 255 is \"car\", give files.labels 128=void,255=car", found.remedy());
    Settings mended = data.settings().with("files.labels", List.of("128=void", "255=car"));
    assertEquals(List.of(), check(mended));
  }

  @Test
  void labelsAreRepeatedWithWhatIsNew() {
    assertEquals(
        "0=void,2-3=void,1=car",
        Meanings.with(List.of("0-3 = void"), new TreeSet<>(List.of(1)), "car"));
  }

  @Test
  void onesAmongNoughtsAreNoShiftOfOneClass() throws IOException {
    data.writeAllMasks(SeededData.full(0, 1));
    data.nameClasses(List.of("crack"));
    for (Finding found : check(data.settings())) {
      assertFalse(found.remedy().contains("files.voids 0"), found::toString);
    }
  }

  @Test
  void aClassThatIsMissingIsExplainedByAValueThatMeansNothing() throws IOException {
    data.writeAllMasks(SeededData.full(0, 1, 2, 77));
    only(data.settings(), Kind.UNKNOWN_VALUE);
    data.writeAllMasks(SeededData.full(0, 1, 2));
    only(data.settings(), Kind.CLASS_NOT_TRAINED);
  }

  @Test
  void masksWithAClassThatIsOnlyMeasuredAreNamed() throws IOException {
    data.writeAllMasks(SeededData.full(0, 1, 2));
    SeededData.write(data.mask("validation", "22"), SeededData.full(0, 1, 2, 3));
    Finding found = only(data.settings(), Kind.CLASS_ONLY_MEASURED);
    assertEquals(List.of(List.of(data.mask("validation", "22").toString())), found.files());
  }

  @Test
  void valuesInThreeChannelsAreToBeSavedWithOne() throws IOException {
    BufferedImage mask = new BufferedImage(48, 40, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 48 * 40; i++) {
      mask.setRGB(i % 48, i / 48, i % 4 * 0x010101);
    }
    data.writeAllMasks(mask);
    Finding found = only(data.settings(), Kind.NOT_A_MASK);
    assertEquals("save it with one channel", found.remedy());
    assertEquals(24, found.files().size());
  }

  @Test
  void aMaskOfManyColoursIsNone() throws IOException {
    BufferedImage mask = new BufferedImage(48, 40, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(1);
    for (int i = 0; i < 48 * 40; i++) {
      mask.setRGB(i % 48, i / 48, random.nextInt(1 << 24));
    }
    SeededData.write(data.mask("training", "03"), mask);
    Finding found = only(data.settings(), Kind.UNNAMED_COLOURS);
    assertTrue(found.sentence().contains("more than 64 colours, so this is no mask"));
    assertEquals(12, found.sentence().split("#", -1).length - 1);
    SeededData.write(
        data.mask("training", "03"),
        SeededData.coloured(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
    found = only(data.settings(), Kind.UNNAMED_COLOURS);
    assertEquals(Colours.REMEDY, found.remedy());
    assertEquals(13, found.sentence().split("#", -1).length - 1, "all are to be named");
  }

  /** GIF numbers its colours as it likes. */
  @Test
  void coloursOfAGifCountBeforeItsValues() throws IOException {
    data.nameClasses(List.of("sky #0000ff", "road #00ff00", "tree #ff0000", "car #ffff00"));
    for (Path mask : data.masks()) {
      Files.delete(mask);
      Path gif = mask.resolveSibling(mask.getFileName().toString().replace(".png", ".gif"));
      BufferedImage painted = SeededData.painted(0, 0xffff00, 0xff0000, 0x00ff00, 0x0000ff);
      ImageIO.write(painted, "gif", gif.toFile());
    }
    assertEquals(List.of(), check(data.settings()));
    CheckReport report = DataCheck.of(data.settings().config(), cache).run(CheckProgress.NONE);
    assertTrue(report.classes().get(3).shares().get(Split.TRAINING) > 0.2);
    data.nameClasses(List.of("sky #0000ff", "road #00ff00", "tree #ff0000", "car #000001"));
    assertFalse(check(data.settings()).isEmpty(), "one colour is of no class, so values count");
  }

  @Test
  void masksWithoutALabelAreAnError() throws IOException {
    data.writeAllMasks(SeededData.full(255));
    List<Finding> findings = check(data.settings());
    assertEquals(Kind.NO_LABELS, findings.get(0).kind(), findings::toString);
    assertEquals(Finding.Severity.ERROR, findings.get(0).severity());
    assertEquals(20, findings.get(0).files().size());
    assertTrue(
        findings.stream().noneMatch(found -> found.toString().contains("training pixels are")),
        findings::toString);
  }

  @Test
  void exchangedFoldersAreOneFinding() throws IOException {
    Path images = dir.resolve("images");
    Path masks = dir.resolve("annotations");
    Files.move(images, dir.resolve("photographs"));
    Files.move(masks, images);
    Files.move(dir.resolve("photographs"), masks);
    for (Path photograph : data.masks()) {
      BufferedImage many = new BufferedImage(48, 40, BufferedImage.TYPE_3BYTE_BGR);
      Random random = new Random(photograph.hashCode());
      for (int i = 0; i < 48 * 40; i++) {
        many.setRGB(i % 48, i / 48, random.nextInt(1 << 24));
      }
      SeededData.write(photograph, many);
    }
    Finding found = only(data.settings(), Kind.EXCHANGED);
    String remedy =
        "give files.images annotations/{split}/{name} and files.masks images/{split}/{name}";
    assertEquals(remedy, found.remedy());
    HeaderCheck exchanged = (HeaderCheck) DatasetVariant.open(data.config());
    Refusals.assertRefused(
        () -> exchanged.checkLabels(Split.VALIDATION), "seem exchanged, as in", remedy);
    for (Path photograph : data.masks()) { // under the names of PNG
      Files.write(photograph, TestImages.jpeg(ImageIO.read(photograph.toFile())));
    }
    only(data.settings(), Kind.EXCHANGED);
    Settings right =
        data.settings()
            .with("files.images", "annotations/{split}/{name}")
            .with("files.masks", "images/{split}/{name}");
    assertEquals(List.of(), check(right));
  }
}
