package org.segtrain.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.config.Overlay;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Photograph;
import org.segtrain.export.AnyModel;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Predictions;
import org.segtrain.inference.Resources;
import org.segtrain.spark.OnSpark.Outcome;

class PredictJobTest {

  @TempDir private static Path plain;

  @TempDir private Path dir;

  /** What {@code segtrain predict} writes. */
  @BeforeAll
  static void predictWithoutSpark() {
    try (ModelInUse model =
            AnyModel.open(OnSpark.model(), Resources.start("cpu", 1, 1), Overlay.of("test"));
        Predictions predictions = Predictions.create(plain, model.classes(), model.palette())) {
      for (String name : OnSpark.NAMES) {
        Photograph photograph = ImageFiles.open(OnSpark.images().resolve(name + ".png"));
        predictions.add(name, photograph, model.segment(photograph));
      }
    }
  }

  private Outcome predict(Object images, Path out, Object... more) {
    List<Object> words =
        Stream.concat(
                Stream.of("predict", "--model", OnSpark.model(), "--images", images, "--out", out),
                Stream.of(more))
            .toList();
    return OnSpark.command(words.toArray());
  }

  @Test
  void masksAreThoseOfOneProcessForAnyPartitions() throws IOException {
    for (int partitions : new int[] {1, 2, 7}) {
      Path out = dir.resolve("out" + partitions);
      Outcome done = predict(OnSpark.images(), out, "--partitions", partitions);
      assertEquals(0, done.code(), done.err());
      assertTrue(done.out().contains("predicted 5 images: " + out), done.out());
      assertEquals(OnSpark.files(plain.resolve("masks")), OnSpark.files(out.resolve("masks")));
      assertEquals(
          Files.readString(plain.resolve("legend.json")),
          Files.readString(out.resolve("legend.json")));
      List<String> report = Files.readAllLines(out.resolve("report.csv"));
      assertEquals("image,result,state,width,height,seconds,message", report.get(0));
      assertEquals(6, report.size());
      assertTrue(
          report
              .get(5)
              .matches(".*/streets/süd/d e.png,.*/masks/streets/süd/d e.png,done,52,40,[.\\d]+,"),
          report.get(5));
    }
  }

  @Test
  void aSecondJobKeepsWhatIsThereUnlessItIsAnother() throws IOException {
    Path out = dir.resolve("out");
    assertEquals(0, predict(OnSpark.images(), out).code());
    Path kept = out.resolve("masks/a.png");
    Files.delete(out.resolve("masks/b.png"));
    FileTime before = FileTime.fromMillis(12_345_000);
    Files.setLastModifiedTime(kept, before);

    Outcome again = predict(OnSpark.images(), out);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.out().contains("predicted 1 image, kept 4: "), again.out());
    assertEquals(before, Files.getLastModifiedTime(kept));
    assertEquals(OnSpark.files(plain.resolve("masks")), OnSpark.files(out.resolve("masks")));
    assertTrue(Files.readString(out.resolve("report.csv")).contains("a.png,kept,,,,"));

    refused(
        predict(OnSpark.images(), out, "--eval-size", "64x32"),
        1,
        "whose --eval-size was not given and is \"64x32\" now; choose another --out");
    Path other = Files.createDirectories(dir.resolve("elsewhere"));
    Files.copy(OnSpark.images().resolve("a.png"), other.resolve("a.png"));
    refused(predict(other, out), 1, "whose root was " + OnSpark.images() + " and is " + other);
    Path foreign = Files.createDirectories(dir.resolve("foreign/masks")).getParent();
    refused(predict(OnSpark.images(), foreign), 1, "of another program; choose another --out");
  }

  @Test
  void imagesThatCannotBeReadAreRowsAndStopNone() throws IOException {
    Path images = Files.createDirectories(dir.resolve("images"));
    Files.copy(OnSpark.images().resolve("a.png"), images.resolve("good.png"));
    Files.copy(OnSpark.images().resolve("b.png"), images.resolve("good.bmp"));
    Files.write(images.resolve("empty.jpg"), new byte[0]);
    byte[] whole = Files.readAllBytes(OnSpark.images().resolve("c.png"));
    Files.write(images.resolve("cut.png"), Arrays.copyOf(whole, 900));
    Files.writeString(images.resolve("notes.txt"), "no image");

    Outcome failed = predict(images, dir.resolve("out"));
    assertEquals(1, failed.code(), failed.out());
    assertTrue(failed.out().contains("left out: 1 file of other kinds"), failed.out());
    assertTrue(failed.err().contains("predict: 3 of 4 images failed"), failed.err());
    String report = Files.readString(dir.resolve("out/report.csv"));
    assertTrue(report.contains("empty.jpg,,failed,,,,"), report);
    assertTrue(report.contains("cut.png,,failed,,,,"), report);
    assertTrue(report.contains("would both be called good; rename one"), report);
    assertEquals(1, OnSpark.files(dir.resolve("out/masks")).size());

    Outcome skipped = predict(images, dir.resolve("out"), "--on-error", "skip");
    assertEquals(0, skipped.code(), skipped.err());
    assertTrue(skipped.err().contains("skipped 3 of 4 images"), skipped.err());
  }

  @Test
  void aManifestNamesImagesHoweverItIsWritten() throws IOException {
    Path manifest = dir.resolve("list.txt");
    String text =
        "\uFEFF%s/a.png\r\n\r\n  %s/streets/süd/d e.png\r\n%s/a.png\n%s/missing.png\n"
            .replace("%s", OnSpark.images().toString());
    Files.writeString(manifest, text);
    Outcome done = predict(manifest, dir.resolve("out"));
    assertEquals(1, done.code());
    assertTrue(
        done.err()
            .contains(
                "a.png is in line 1 of %s and in line 4 of %s; keep one"
                    .formatted(manifest, manifest)),
        done.err());
    assertTrue(
        done.err().contains("cannot read %s/missing.png: there".formatted(OnSpark.images())),
        done.err());
    assertEquals(
        List.of("masks/a.png", "masks/streets/süd/d e.png"),
        OnSpark.files(dir.resolve("out")).keySet().stream()
            .filter(name -> name.startsWith("masks"))
            .toList());

    Files.write(manifest, "Ä".getBytes(StandardCharsets.ISO_8859_1));
    refused(predict(manifest, dir.resolve("none")), 1, "as UTF-8 text; save it so");
    Files.write(manifest, " \n\n".getBytes(UTF_8));
    refused(predict(manifest, dir.resolve("none")), 1, "names no image; name a folder");
  }

  @Test
  void runLengthsAreAFileForEachImage() throws IOException {
    Path out = dir.resolve("out");
    Outcome done = predict(OnSpark.images() + "/*.png", out, "--format", "png,coco-rle");
    assertEquals(0, done.code(), done.err());
    String text = Files.readString(out.resolve("rle/b.json"));
    assertTrue(text.startsWith("[\n{\"image_id\":2,\"file_name\":\"b\",\"category_id\":"), text);
    assertTrue(text.endsWith("}\n]\n"), text);
  }

  @Test
  void whatCannotBeginIsOneSentence() throws IOException {
    Path none = dir.resolve("none");
    Path file = Files.writeString(dir.resolve("file"), "text");
    Path damaged = Files.writeString(dir.resolve("damaged.safetensors"), "text");
    refused(predict(dir + "/*.jpg", none), 1, "/*.jpg names no image; name a folder, a pattern");
    refused(predict("hdfs://no-such-host.invalid/x", none), 1, "no host no-such-host.invalid");
    refused(predict("zz://x/y", none), 1, "cannot read zz://x/y: No FileSystem for scheme \"zz\"");
    refused(predict(dir.resolve("zz"), none), 1, "zz: there is no such file or folder");
    refused(predict(OnSpark.images(), file.resolve("x")), 1, "cannot write ");
    refused(
        predict(OnSpark.images(), OnSpark.images().resolve("x")),
        1,
        "is among the images, so results in it would be taken for them");
    refused(
        OnSpark.command("predict", "--model", none, "--images", OnSpark.images(), "--out", none),
        1,
        "cannot read %s: there is no such file or folder".formatted(none));
    refused(
        OnSpark.command("predict", "--model", dir, "--images", OnSpark.images(), "--out", none),
        1,
        "has neither checkpoints of a run nor the model.pt of a folder for DJL");
    refused(
        OnSpark.command("predict", "--model", damaged, "--images", OnSpark.images(), "--out", none),
        1,
        damaged.toString());
    refused(predict(OnSpark.images(), none, "--on-error", "x"), 2, "unknown --on-error \"x\"");
    refused(predict(OnSpark.images(), none, "--root", "/nowhere"), 1, "is not below /nowhere");
    refused(predict("s3a://bucket/x", none), 1, "name its jars, for s3a those of --packages");
    refused(predict(OnSpark.images(), none, "--partitions", 0), 2, "--partitions must be from 1");
    refused(predict(OnSpark.images(), none, "--models", -1), 2, "--models must be at least 1");
    refused(predict(OnSpark.images(), none, "--format", "jpg"), 2, "unknown --format \"jpg\"");
    refused(predict(OnSpark.images(), none, "--window", "x"), 2, "window");
    refused(
        predict(OnSpark.images(), none, "--flip"),
        2,
        OnSpark.model() + "/model.pt gives classes, and there are no scores to average over");
    refused(OnSpark.command("predict", "--model", none), 2, "issing required option");
    assertTrue(Files.notExists(none), "nothing is written");
  }

  @Test
  void aJobThatCouldNotEndDoesNotBegin() throws IOException {
    Path foreign = Files.createDirectories(dir.resolve("foreign"));
    Files.writeString(foreign.resolve("report.csv"), "mine\n");
    refused(predict(OnSpark.images(), foreign), 1, "report.csv is there and is no earlier result");
    Files.delete(foreign.resolve("report.csv"));
    Files.writeString(foreign.resolve("legend.json"), "mine\n");
    refused(predict(OnSpark.images(), foreign), 1, "legend.json is there");
    assertEquals(1, OnSpark.files(foreign).size(), "nothing is written");

    Path images = Files.createDirectories(dir.resolve("images/in"));
    Files.copy(OnSpark.images().resolve("a.png"), images.resolve("a.png"));
    String pattern = images.getParent() + "/*";
    Path inside = images.resolveSibling("res");
    assertEquals(0, predict(pattern, inside).code());
    refused(predict(pattern, inside), 1, "is among the images");
  }

  private static void refused(Outcome outcome, int code, String sentence) {
    assertEquals(code, outcome.code(), outcome.err());
    assertTrue(outcome.sentence().contains(sentence), outcome.err());
    assertEquals(code, outcome.err().lines().count(), outcome.err());
  }
}
