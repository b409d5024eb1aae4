package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.data.ImageFiles;

/** Of one run, on three validation images, of which one has no class but the first. */
class EvalCommandTest {

  @TempDir static Path shared;
  @TempDir private Path dir;

  private static TinyFolder data;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    data = TinyFolder.in(shared.resolve("data, one"), "left", "right", "never");
    data.writeMask("validation", "c", 48, 40, 0);
    ImageFiles.writeRgb(data.image("validation", "c"), TinyFolder.noise(48, 40));
    run = shared.resolve("run");
    Outcome trained = data.train(run, 32);
    assertEquals(0, trained.code(), trained.err());
  }

  @Test
  void theTableSaysWhatIsMeasuredAndFits() {
    List<String> lines = done("eval", run).lines().toList();
    assertEquals("data: folder %s, validation, 3 images".formatted(data.dir()), lines.get(1));
    assertTrue(lines.stream().skip(2).allMatch(line -> line.length() <= 100));
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("never +(-|0.0000) +- +.* 0.00")),
        () -> "" + lines);
    assertTrue(
        lines.stream().anyMatch(l -> l.matches("mIoU 0\\.\\d{4} \\(95 % .* over 3 images\\)")),
        () -> "" + lines);
  }

  /** Each way to say the same three images gives the same table. */
  @ParameterizedTest
  @CsvSource({"--split, city", "--split, all", "--list, a b c"})
  void anySplitAllOfAFolderOrAListIsMeasured(String option, String value) throws IOException {
    boolean split = value.equals("city");
    Path folder = dir.resolve("photos"); // without a class list: the run has the names
    for (String name : List.of("a", "b", "c")) {
      Path place = Files.createDirectories(split ? folder.resolve("city") : folder);
      Files.copy(data.image("validation", name), place.resolve(name + ".png"));
      Files.copy(data.mask("validation", name), place.resolve(name + "_mask.png"));
    }
    Path list = Files.writeString(dir.resolve("three.txt"), "c.png\na\nphotos/b.png\n");
    boolean listed = option.equals("--list");
    String prefix = split ? "{split}/" : "";
    String table =
        done(
            "eval",
            run,
            "--data",
            folder,
            "--image-files",
            prefix + "{name}",
            "--mask-files",
            prefix + "{name}_mask",
            "--split",
            listed ? "all" : value,
            listed ? "--list" : "--threads",
            listed ? list : 2);
    String name = listed ? "all, those in " + list : value;
    assertTrue(table.contains("data: folder %s, %s, 3 images".formatted(folder, name)), table);
    assertEquals(figures(done("eval", run, "--threads", 2)), figures(table));
  }

  private static List<String> figures(String table) {
    return table.lines().dropWhile(line -> !line.startsWith("class")).toList();
  }

  @Test
  void aSplitThatIsNotThereIsRefusedWithThoseThatAre() throws IOException {
    Outcome none = Outcome.of("eval", run, "--split", "test");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("but there are images for training and validation"), none.err());
    Outcome all = Outcome.of("eval", run, "--split", "all");
    assertEquals(1, all.code());
    assertTrue(
        all.err().contains("has images for training, validation apart, so they are not"),
        all.err());
    Outcome named = Outcome.of("eval", run, "--split", "night");
    assertEquals(1, named.code());
    assertTrue(named.err().contains("the data set has no split \"night\""), named.err());
    Outcome list = Outcome.of("eval", run, "--list", "x.txt");
    assertEquals(1, list.code());
    assertTrue(list.err().contains("cannot read the list x.txt"), list.err());
    Path wrong = Files.writeString(dir.resolve("wrong.txt"), "a\n\nnobody\n");
    Outcome nobody = Outcome.of("eval", run, "--list", wrong);
    assertTrue(
        nobody.err().contains("is \"nobody\", which is the name of 0 of the 3 validation images"),
        nobody.err());
  }

  /** Of photographs as they are, in windows, at several scales and mirrored. */
  @Test
  void otherSizesAndViewsAreMeasured() {
    String whole = done("eval", run, "--eval-size", "original");
    assertTrue(whole.contains("the first of them (width x height): 40x36 -> 64x64\n"), whole);
    String windows =
        done(
            "eval",
            run,
            "--eval-size=original",
            "--window=32",
            "--stride=16x24",
            "--scales=1,1.5",
            "--flip");
    assertTrue(
        windows.contains(
            "the first of them (width x height): 40x36 -> 64x64 in windows of 32, 24x16 apart, at the scales 1, 1.5, mirrored too, mean of probabilities\n"),
        windows);
    assertNotEquals(figures(whole), figures(windows));
  }

  @Test
  void jsonHasTheSameNumbersAndNullsAndNothingElseIsPrinted() throws IOException {
    JsonNode json = new ObjectMapper().readTree(done("eval", run, "--json"));
    assertEquals(3, json.path("measured").asInt());
    assertEquals("validation", json.path("source").path("split").asText());
    assertEquals("fp32", json.path("source").path("precision").asText());
    assertEquals("[1.0]", json.path("source").path("evaluation").path("scales").toString());
    assertEquals(32, json.path("source").path("size").path("multiple").asInt());
    assertEquals(2 * 40 * 36 + 48 * 40, json.path("pixels").asLong());
    assertTrue(json.path("classes").get(2).path("accuracy").isNull(), json::toString);
    assertTrue(json.path("meanIouInterval").path("low").isNumber(), json::toString);
    String table = done("eval", run);
    String meanIou = "%.4f".formatted(json.path("meanIou").asDouble());
    assertTrue(table.contains("mIoU " + meanIou + " ("), table);
    String f1 = "%.4f".formatted(json.path("means").path("meanF1").asDouble());
    assertTrue(table.contains("mean F1 " + f1), table);
  }

  @Test
  void theMatrixAndTheImagesAreWritten() throws IOException {
    Path matrix = dir.resolve("m.csv");
    Path picture = dir.resolve("m.png");
    Path images = dir.resolve("i.csv");
    done("eval", run, "--confusion", matrix, "--confusion", picture, "--per-image", images);
    List<String> rows = Files.readAllLines(matrix);
    assertEquals("labelled,left,right,never", rows.get(0));
    long left = 0;
    for (String count : rows.get(1).substring("left,".length()).split(",", -1)) {
      left += Long.parseLong(count);
    }
    assertEquals(40 * 36 + 48 * 40, left);
    assertEquals("never,0,0,0", rows.get(3));
    assertTrue(ImageFiles.readRgb(picture).width() > 200);
    List<String> lines = Files.readAllLines(images);
    assertEquals("image,mIoU,aAcc,pixels", lines.get(0));
    double before = 0;
    for (String line : lines.subList(1, 4)) { // the folder has a comma in its name
      assertTrue(line.startsWith("\"" + data.dir() + "/images/validation/"), line);
      double meanIou =
          Double.parseDouble(line.substring(line.indexOf("\",") + 2).split(",", -1)[0]);
      assertTrue(meanIou >= before, lines::toString);
      before = meanIou;
    }
    Outcome again = Outcome.of("eval", run, "--per-image", images);
    assertEquals(1, again.code());
    assertTrue(again.sentence().contains("i.csv is there, and is not overwritten"), again.err());
    assertEquals(lines, Files.readAllLines(images));
    Path among = data.image("validation", "confusion");
    Outcome taken = Outcome.of("eval", run, "--confusion", among);
    assertEquals(1, taken.code());
    assertTrue(taken.sentence().contains("is among the images or masks of the data"), taken.err());
    assertTrue(Files.notExists(among));
    Outcome nowhere = Outcome.of("eval", run, "--confusion", dir.resolve("none/m.csv"));
    assertEquals(1, nowhere.code());
    assertEquals("", nowhere.out(), "it is said before anything is measured");
    assertTrue(nowhere.sentence().contains("there is no folder"), nowhere.err());
  }

  @Test
  void imagesThatCannotBeReadAreToldByEachShardAndByTheWhole() throws IOException {
    TinyFolder some = TinyFolder.in(dir.resolve("some"), "left", "right", "never");
    Files.write(some.image("validation", "b"), new byte[0]);
    Path whole = dir.resolve("whole.csv");
    Outcome all = Outcome.of("eval", run, "--data", some.dir(), "--per-image", whole);
    assertEquals(1, all.code());
    assertTrue(all.out().contains("measured on 1 of 2 images"), all.out());
    assertEquals(2, Files.readAllLines(whole).size(), "a heading and the image that could be read");
    assertFalse(all.out().contains("95 %"), "there is no interval of one image");
    for (int i = 1; i <= 2; i++) {
      Path file = dir.resolve(i + ".json");
      Outcome part =
          Outcome.of("eval", run, "--data", some.dir(), "--shard", i + "/2", "--out", file);
      assertEquals(i - 1, part.code(), part.err());
    }
    Outcome merged = Outcome.of("eval", "merge", dir.resolve("1.json"), dir.resolve("2.json"));
    assertEquals(1, merged.code());
    assertEquals(all.sentence().replace("eval:", "eval merge:"), merged.sentence());
    assertEquals(table(all.out()), table(merged.out()));
  }

  private static List<String> table(String out) {
    return out.lines()
        .dropWhile(line -> !line.startsWith("measured"))
        .filter(line -> !line.startsWith("wrote"))
        .toList();
  }

  @Test
  void shardsAddUpToOneProcess() throws IOException {
    Path first = shard("1/2", "a.json");
    Path second = shard("2/2", "b.json");
    String merged = done("eval", "merge", second, first, "--json");
    assertEquals(done("eval", run, "--json"), merged);

    refused("1 of 2 shards are there, but not 1/2", second);
    refused("are both shard 2/2", second, first, second);
    refused("whose number of shards are 2 and 3", first, shard("2/3", "c.json"));
    refused(
        "whose run.precision are fp32 and bf16",
        first,
        shard("2/2", "d.json", "--precision", "bf16"));
    Path cut = Files.writeString(dir.resolve("e.json"), Files.readString(first).substring(0, 900));
    refused("e.json is no whole shard", cut, second);
    String text = Files.readString(first);
    Path changed =
        Files.writeString(
            dir.resolve("f.json"),
            text.replaceFirst("\"counts\" : \\[ \\[ 0, \\d+", "\"counts\" : [ [ 0, 7"));
    assertNotEquals(text, Files.readString(changed));
    refused("f.json is no whole shard: its counts do not add up", changed, second);
  }

  private Path shard(String shard, String name, Object... more) {
    Path file = dir.resolve(name);
    Object[] all = new Object[6 + more.length];
    System.arraycopy(new Object[] {"eval", run, "--shard", shard, "--out", file}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    String out = done(all);
    assertTrue(out.contains("wrote %s, shard %s".formatted(file, shard)), out);
    return file;
  }

  private static void refused(String sentence, Path... files) {
    Object[] all = new Object[2 + files.length];
    all[0] = "eval";
    all[1] = "merge";
    System.arraycopy(files, 0, all, 2, files.length);
    Outcome outcome = Outcome.of(all);
    assertEquals(1, outcome.code(), outcome.out());
    assertTrue(outcome.sentence().contains(sentence), outcome.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          eval RUN --shard 1/2                | --shard I/N and --out FILE belong together
          eval RUN --shard 3/2 --out x        | a shard is one of 1/2 to 2/2, but is 3/2
          eval RUN --shard half --out x       | a shard is one such as 2/4, but is "half"
          eval RUN --shard 1/2 --out x --json | leave --json, --confusion and --per-image to
          eval RUN --confusion m.txt          | --confusion is a file whose name ends in .csv or .png
          eval RUN --per-image m.png          | --per-image is a file whose name ends in .csv
          eval --split test merge a           | --split stands before the command merge
          """)
  void wrongUsageIsOneSentence(String arguments, String sentence) {
    Object[] words = arguments.replace("RUN", run.toString()).split(" ");
    Outcome outcome = Outcome.of(words);
    assertEquals(2, outcome.code(), outcome.out());
    assertTrue(outcome.sentence().contains(sentence), outcome.err());
  }

  private static String done(Object... arguments) {
    Outcome outcome = Outcome.of(arguments);
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out();
  }
}
