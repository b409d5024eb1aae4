package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.data.internal.Legend;
import org.segtrain.errors.internal.OneLine;

/** {@code segtrain data check} and {@code segtrain data browse}. */
class DataCommandsTest {

  @TempDir private Path dir;

  private TinyFolder data;

  @BeforeEach
  void writesData() throws IOException {
    data = TinyFolder.in(dir.resolve("<b>data"), "left", "right");
    int shade = 0;
    for (String split : new String[] {"training", "validation"}) {
      for (String name : new String[] {"a", "b"}) { // all different
        byte[] rgb = TinyFolder.noise(TinyFolder.WIDTH, TinyFolder.HEIGHT).rgb();
        rgb[0] = (byte) shade++;
        Picture picture = new Picture(TinyFolder.WIDTH, TinyFolder.HEIGHT, rgb);
        ImageFiles.writeRgb(data.image(split, name), picture);
      }
    }
  }

  private Outcome check(Object... more) {
    Object[] words = new Object[more.length + 4];
    Object[] base = {"data", "check", "--data", data.dir()};
    System.arraycopy(base, 0, words, 0, base.length);
    System.arraycopy(more, 0, words, base.length, more.length);
    return Outcome.of(words);
  }

  @Test
  void goodDataAreCountedAndPass() {
    Outcome outcome = check();
    assertEquals(0, outcome.code(), outcome.out() + outcome.err());
    assertTrue(outcome.out().contains("training: 2 images (2 of 40 x 36), 0.0 %"), outcome.out());
    assertTrue(outcome.out().contains("0      left   50.00       2"), outcome.out());
  }

  @Test
  void whatIsWrongIsSaidInOptionsWithTheFile() {
    data.writeMask("training", "a", TinyFolder.WIDTH, TinyFolder.HEIGHT, 255);
    data.writeMask("training", "b", TinyFolder.WIDTH, TinyFolder.HEIGHT, 7);
    Outcome outcome = check();
    assertEquals(1, outcome.code());
    String out = outcome.out();
    assertTrue(
        out.contains("error, unknown-value: " + data.mask("training", "b") + " has the value 7"),
        out);
    assertTrue(
        out.contains("do: correct the mask, or say what it means with --labels 7=CLASS"), out);
    assertTrue(out.contains("1 error, "), out);
    assertFalse(out.contains("files."), out);
    assertEquals(0, check("--labels", "7=right").code());
  }

  @Test
  void aSplitWithoutImagesHasNoFiles() throws IOException {
    Outcome outcome = check("--split-validation", "0.000000001");
    assertEquals(1, outcome.code(), outcome.err());
    String out = outcome.out();
    assertTrue(out.contains("error, no-images: of 2 images none is for validation"), out);
    assertTrue(out.contains("do: give a larger share, or more images"), out);
    JsonNode report =
        new ObjectMapper().readTree(check("--json", "--split-validation", "0.000000001").out());
    assertEquals(0, report.path("findings").path(0).path("files").size(), report::toString);
    assertEquals("no-images", report.path("findings").path(0).path("kind").asText());
  }

  /** Names may move a terminal's cursor, or end a line. */
  @Test
  void namesWithControlCharactersAreEscapedInEachLine() throws IOException {
    Path named = TinyFolder.in(dir.resolve("a\u001b[31mb"), "le\u009bft", "right").dir();
    Files.createFile(named.resolve("images/training/x.\u001b[2J"));
    Files.copy(data.image("training", "a"), named.resolve("images/training/x\ny.png"));
    Outcome outcome = Outcome.of("data", "check", "--data", named, "--limit", 9);
    assertEquals(1, outcome.code());
    assertTrue(outcome.out().contains("a\\u001b[31mb: 2 classes"), outcome.out());
    assertTrue(outcome.out().contains("x\\u000ay.png"), outcome.out());
    assertFalse(outcome.out().matches("(?s).*[\\u0000-\\u0009\\u000b-\\u001f\\u0080-\\u009f].*"));
    Files.delete(named.resolve("images/training/x\ny.png"));
    Outcome sheet =
        Outcome.of(
            "data", "browse", "--data", named, "--crop", 64, "--out", named.resolve("s.png"));
    assertTrue(Files.exists(named.resolve("s.png")), sheet.err());
    assertFalse((sheet.out() + sheet.err()).contains("\u001b"));
    assertEquals("a\\u001bb\\u000a", OneLine.of("a\u001bb\n"));
    assertEquals("a\\u202eb\n", OneLine.each("a\u202eb\n"));
  }

  @Test
  void aFolderIsGivenOnceWhateverLeadsToIt() throws IOException {
    Path link = Files.createSymbolicLink(dir.resolve("link"), data.dir());
    for (String same : new String[] {data.dir() + "/", data.dir() + "/.", link.toString()}) {
      Outcome outcome = check("--data", same);
      assertEquals(2, outcome.code(), outcome.err());
      assertTrue(outcome.sentence().contains(same + ", which are one folder"), outcome.sentence());
    }
  }

  @Test
  void namesOfSplitsAreNotEmpty() {
    for (String names : new String[] {",", "train,,val", ""}) {
      Outcome outcome = check("--split-names", names);
      assertEquals(2, outcome.code(), names);
      assertTrue(outcome.sentence().contains("--split-names"), outcome.sentence());
    }
  }

  @Test
  void nothingToCheckIsJsonToo() throws IOException {
    Path empty = Files.createDirectories(dir.resolve("empty"));
    Files.writeString(empty.resolve("classes.txt"), "left\nright\n");
    Path page = dir.resolve("page.html");
    Outcome outcome = Outcome.of("data", "check", "--data", empty, "--json", "--html", page);
    assertEquals(1, outcome.code(), outcome.err());
    JsonNode report = new ObjectMapper().readTree(outcome.out());
    JsonNode finding = report.path("findings").path(0);
    assertEquals("error", finding.path("severity").asText());
    assertEquals(
        "cannot list the folder " + empty.resolve("images/training"),
        finding.path("sentence").asText());
    assertTrue(Files.notExists(page));
  }

  @Test
  void oneIsNoPlural() throws IOException {
    Files.writeString(data.dir().resolve("classes.txt"), "left\n");
    assertTrue(check().out().contains(": 1 class\n".replace("\n", System.lineSeparator())));
  }

  @Test
  void jsonHasTheSame() throws IOException {
    Files.delete(data.mask("validation", "b"));
    Outcome outcome = check("--json");
    assertEquals(1, outcome.code());
    JsonNode report = new ObjectMapper().readTree(outcome.out());
    JsonNode finding = report.path("findings").path(0);
    assertEquals("image-without-mask", finding.path("kind").asText());
    assertEquals("error", finding.path("severity").asText());
    assertEquals(
        data.image("validation", "b").toString(), finding.path("files").path(0).path(0).asText());
    assertEquals(1, report.path("splits").path(1).path("images").asInt());
  }

  @Test
  void aPageHoldsAllItShowsAndEscapesNames() throws IOException {
    Path page = dir.resolve("page.html");
    assertEquals(0, check("--html", page).code());
    assertEquals(0, check("--html", page).code(), "its own page is replaced");
    String html = Files.readString(page);
    assertTrue(html.contains("&lt;b&gt;data"), html);
    assertFalse(html.contains("<b>data"), html);
    assertTrue(html.contains("data:image/jpeg;base64,"), "has samples");
    assertFalse(
        html.replaceAll("data:image/jpeg;base64", "").matches("(?s).*(src|href)=\"(?!,).*"));
    assertFalse(html.contains("{{"), html);
  }

  @Test
  void aPageShowsWhatFindingsAreOf() throws IOException {
    data.writeMask("training", "b", TinyFolder.WIDTH, TinyFolder.HEIGHT, 7);
    Path page = dir.resolve("page.html");
    assertEquals(1, check("--html", page).code());
    String html = Files.readString(page);
    assertTrue(html.contains("<h3>Error: unknown value</h3>"), html);
    assertTrue(html.contains("alt=\"mask of b\""), "a picture of the mask");
    assertTrue(html.contains("annotations/<wbr>training/<wbr>b.png has the value 7"), html);
    assertTrue(html.contains("<p class=\"remedy\">Correct the mask, or"), html);
    assertTrue(html.matches("(?s).*Checked on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d.*"), html);
    assertTrue(html.contains("</span>0 left</span>") && html.contains("</span>void</span>"), html);
  }

  @Test
  void foreignFilesAreNotOverwritten() throws IOException {
    Path foreign = Files.writeString(dir.resolve("mine.html"), "<html>mine</html>");
    Outcome page = check("--html", foreign);
    assertEquals(1, page.code());
    assertTrue(page.sentence().contains("mine.html is there"), page.sentence());
    byte[] before = Files.readAllBytes(foreign);
    Path picture = Files.write(dir.resolve("mine.png"), before);
    Outcome sheet = browse("--out", picture);
    assertEquals(1, sheet.code());
    assertTrue(sheet.sentence().contains("mine.png is there"), sheet.sentence());
    assertEquals("<html>mine</html>", Files.readString(foreign));
  }

  @Test
  void filesOfOtherCommandsAreNotOverwritten() throws IOException {
    Path picture = dir.resolve("validation-00.png"); // as a run has it
    ImageFiles.writeRgb(picture, TinyFolder.noise(9, 9));
    byte[] before = Files.readAllBytes(picture);
    Outcome refused = browse("--out", picture);
    assertEquals(1, refused.code());
    assertTrue(refused.sentence().contains("not written by this command"), refused.sentence());
    assertArrayEquals(before, Files.readAllBytes(picture));
    Path sheet = dir.resolve("sheet.html");
    assertEquals(0, browse("--out", sheet, "--samples", 1).code());
    assertEquals(0, browse("--out", sheet, "--samples", 1).code(), "its own is replaced");
    assertEquals(1, check("--html", sheet).code());
    Path page = dir.resolve("check.html");
    assertEquals(0, check("--html", page).code());
    assertEquals(1, browse("--out", page, "--samples", 1).code());
  }

  @Test
  void resultsNeverBecomeImagesOfTheData() throws IOException {
    Path among = data.image("training", "new");
    Outcome sheet = browse("--out", among);
    assertEquals(1, sheet.code());
    assertTrue(sheet.sentence().contains("new.png is among the images of the data"), sheet.err());
    Path mask = data.mask("validation", "new");
    assertEquals(1, browse("--out", mask).code());
    Path page = among.resolveSibling("new.html");
    assertEquals(1, check("--html", page).code());
    Path link = Files.createSymbolicLink(dir.resolve("link"), among.getParent());
    assertEquals(1, browse("--out", link.resolve("new.png")).code(), "wherever links lead");
    for (Path none : new Path[] {among, mask, page}) {
      assertTrue(Files.notExists(none));
    }
    assertEquals(0, browse("--out", data.dir().resolve("samples.png")).code());
    assertEquals(0, check().code(), "a sheet beside the folders is no image");
  }

  @Test
  void aPageThatCannotBeWrittenIsRefusedBeforeTheFilesAreRead() throws IOException {
    Files.delete(data.mask("training", "a"));
    Outcome outcome = check("--html", dir.resolve("none/page.html"));
    assertEquals(1, outcome.code());
    assertTrue(outcome.sentence().contains("has no folder"), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void aSheetGoesOnWithoutFilesThatCannotBeRead() throws IOException {
    Files.write(data.image("training", "a"), new byte[0]);
    Path file = dir.resolve("sheet.png");
    assertEquals(1, browse("--out", file, "--samples", 2).code());
    Outcome skipped = browse("--out", file, "--samples", 2, "--on-error", "skip");
    assertEquals(0, skipped.code(), skipped.err());
    assertTrue(skipped.err().contains("a.png is empty"), skipped.err());
    assertTrue(skipped.out().contains("wrote 2 training samples to"), skipped.out());
    Outcome many = browse("--out", file, "--samples", 9, "--on-error", "skip");
    assertTrue(many.err().contains("skipped 1 of 2 images"), many.err());
  }

  @Test
  void anEnlargementBeyondTheHeapNamesItsOption() {
    Outcome outcome = browse("--out", dir.resolve("sheet.png"), "--scale", "99999x99999");
    assertEquals(1, outcome.code());
    assertTrue(outcome.sentence().contains("lower --max-scale, --scale or --crop"), outcome.err());
  }

  private Outcome browse(Object... more) {
    Object[] words = new Object[more.length + 6];
    Object[] base = {"data", "browse", "--data", data.dir(), "--crop", 64};
    System.arraycopy(base, 0, words, 0, base.length);
    System.arraycopy(more, 0, words, base.length, more.length);
    return Outcome.of(words);
  }

  @Test
  void aSheetHasTheSamplesAndTheLegend() {
    Path file = dir.resolve("sheet.png");
    Outcome outcome = browse("--out", file, "--samples", 4);
    assertEquals(0, outcome.code(), outcome.err());
    Picture sheet = ImageFiles.readRgb(file);
    assertEquals(2 * 2 * (64 + 4) + 4, sheet.width());
    int name = Legend.hasWords() ? 16 : 0;
    assertEquals(
        2 * (64 + name + 4) + 3 * 4 + 4 * 24, sheet.height()); // two classes, void, padding
    assertEquals(0, browse("--out", file, "--samples", 4).code(), "its own sheet is replaced");
    assertEquals(HexFormat.of().formatHex(sheet.rgb()), hex(file));
    assertEquals(0, browse("--out", file, "--samples", 4, "--seed", 5).code());
    assertFalse(HexFormat.of().formatHex(sheet.rgb()).equals(hex(file)));
  }

  private static String hex(Path file) {
    return HexFormat.of().formatHex(ImageFiles.readRgb(file).rgb());
  }

  @Test
  void aSheetMayBeAPage() throws IOException {
    Path file = dir.resolve("sheet.html");
    assertEquals(0, browse("--out", file, "--samples", 3).code());
    String html = Files.readString(file);
    assertEquals(4, html.split("<figure>", -1).length);
    assertTrue(html.contains("1 right") && html.contains("void") && html.contains("padding"), html);
  }

  @Test
  void wrongUsageIsSaid() {
    assertEquals(2, browse("--out", dir.resolve("sheet.gif")).code());
    Outcome none = browse("--out", dir.resolve("sheet.png"), "--samples", 0);
    assertEquals(2, none.code());
    assertTrue(none.sentence().contains("from 1 to 256, but is 0"), none.sentence());
    Outcome drawn = Outcome.of("data", "check", "--dataset", "shapes");
    assertEquals(2, drawn.code());
    assertTrue(drawn.sentence().contains("has no files to check"), drawn.sentence());
    assertEquals(1, Outcome.of("data", "check", "--data", dir.resolve("none")).code());
    assertEquals(2, check("--limit", -1).code());
    Outcome large = browse("--out", dir.resolve("sheet.png"), "--crop", 4000, "--samples", 40);
    assertEquals(2, large.code());
    assertTrue(
        large
            .sentence()
            .contains(
                "640 megapixels to augment, but a sheet is of at most 256; lower --samples to 16"),
        large.sentence());
    assertTrue(large.sentence().endsWith("or lower --crop"), large.sentence());
  }
}
