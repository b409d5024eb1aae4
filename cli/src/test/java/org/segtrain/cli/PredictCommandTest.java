package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.inference.Predictions;

class PredictCommandTest {

  @TempDir private Path dir;

  @Test
  void aRunIsEvaluatedAndPredictsWholeFolders() throws IOException {
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    Path run = dir.resolve("run");
    Outcome trained =
        Outcome.of(
            "train",
            "--backbone",
            "pvt_tiny",
            "--dataset",
            "folder",
            "--data",
            Path.of("").toAbsolutePath().relativize(data.dir().toAbsolutePath()),
            "--crop",
            32,
            "--batch",
            2,
            "--iterations",
            1,
            "--warmup",
            0,
            "--precision",
            "fp32",
            "--out",
            run);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.out().startsWith("pvt_tiny with fpn, 2 classes, fp32 on "), trained.out());

    assertEquals(data.dir().toAbsolutePath().toString(), pathOfData(run)); // found from anywhere
    Outcome evaluated = Outcome.of("eval", run);
    assertEquals(0, evaluated.code(), evaluated.err());
    assertTrue(evaluated.out().contains("mIoU 0."), evaluated.out());
    assertTrue(evaluated.out().lines().anyMatch(line -> line.startsWith("left  ")));

    Path out = dir.resolve("out");
    Path none = dir.resolve("none");
    Outcome missing = Outcome.of("predict", run, data.image("training", "zz"), "--out", none);
    assertEquals(1, missing.code());
    assertTrue(missing.err().contains("there is no such file"), missing.err());
    assertTrue(Files.notExists(none), "nothing is written");

    Outcome predicted = Outcome.of("predict", run, data.dir().resolve("images"), "--out", out);
    assertEquals(0, predicted.code(), predicted.err());
    assertTrue(predicted.out().contains("predicted 4 images: "), predicted.out());
    assertFalse(predicted.out().contains(" -> " + out), "names only if they are asked for");
    Path mask = out.resolve("masks/training/a.png");
    assertEquals(TinyFolder.WIDTH, ImageFiles.readLabels(mask).width());
    Picture overlay = ImageFiles.readRgb(out.resolve("overlays/validation/b.png"));
    assertTrue(overlay.height() > TinyFolder.HEIGHT, "with captions");

    everyFormIsWritten(run, data);
    shardsPredictEachImageOnce(run, data, out);
    resultsAreNeverData(run, data);
    clashesOfTwoFoldersAreOneLine(run, data);
    oneBrokenFileDoesNotStopTheOthers(run, data);
    resultsAreNoInputsAndOverwriteNone(run, data);
  }

  private void shardsPredictEachImageOnce(Path run, TinyFolder data, Path whole)
      throws IOException {
    Path images = data.dir().resolve("images");
    Path out = dir.resolve("shards");
    for (int i = 1; i <= 3; i++) {
      Outcome part = Outcome.of("predict", run, images, "--out", out, "--shard", i + "/3");
      assertEquals(0, part.code(), part.err());
      String count = i == 1 ? "2 images" : "1 image";
      String line = "predicted %s of shard %d/3: ".formatted(count, i);
      assertTrue(part.out().contains(line), part.out());
    }
    for (String name : List.of("training/a", "training/b", "validation/a", "validation/b")) {
      Path mask = Path.of("masks", name + ".png");
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(mask)), Files.readAllBytes(out.resolve(mask)), name);
    }
    Outcome refused =
        Outcome.of(
            "predict", run, images, "--out", out, "--shard", "1/3", "--format", "png,coco-rle");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("leave coco-rle or --shard out"), refused.err());
  }

  private void everyFormIsWritten(Path run, TinyFolder data) throws IOException {
    Path out = dir.resolve("forms");
    Path image = data.image("training", "a");
    Outcome all =
        Outcome.of(
            (Object[])
                ("predict %s --format png,coco-rle --polygons --simplify 0 --min-area 2"
                        + " --no-captions --window 32 --out %s --probabilities %s")
                    .formatted(run, out, image)
                    .split(" "));
    assertEquals(0, all.code(), all.err());
    assertEquals(TinyFolder.HEIGHT, ImageFiles.readRgb(out.resolve("overlays/a.png")).height());
    int[] probabilities = ImageFiles.readLabels(out.resolve("probabilities/a.png")).values();
    for (int probability : probabilities) {
      assertTrue(probability >= 127 && probability <= 255, "of the likelier of two classes");
    }
    JsonNode lengths = new ObjectMapper().readTree(out.resolve("predictions.json").toFile());
    assertEquals("a", lengths.get(0).get("file_name").asText());
    JsonNode regions = new ObjectMapper().readTree(out.resolve("polygons/a.geojson").toFile());
    assertTrue(regions.get("features").size() > 0);

    Outcome finer =
        Outcome.of(
            "predict", run, "--probabilities", 16, "--scales=1,2", "--flip", image, "--out", out);
    assertEquals(0, finer.code(), finer.err());
    for (int probability : ImageFiles.readLabels(out.resolve("probabilities/a.png")).values()) {
      assertTrue(probability >= 32767 && probability <= 65535, "of 16 bits");
    }
    Outcome lengthsAlone =
        Outcome.of("predict", run, "--format=coco-rle", image, "--out", dir.resolve("lengths"));
    assertEquals(0, lengthsAlone.code(), lengthsAlone.err());
    assertTrue(Files.notExists(dir.resolve("lengths/masks")));
    for (String idle : List.of("--simplify=2", "--min-area=5")) {
      Outcome refused = Outcome.of("predict", run, image, "--out", out, idle);
      assertEquals(2, refused.code());
      assertTrue(refused.sentence().contains("without --polygons"), refused.err());
    }
    Outcome negative =
        Outcome.of("predict", run, image, "--out", out, "--polygons", "--simplify=-1");
    assertEquals(2, negative.code());
    assertTrue(negative.sentence().contains("simplify must be from 0 to"), negative.err());
  }

  private void clashesOfTwoFoldersAreOneLine(Path run, TinyFolder data) throws IOException {
    Path one = Files.createDirectory(dir.resolve("one"));
    Path other = Files.createDirectory(dir.resolve("other"));
    for (String name : List.of("1.png", "2.png", "3.png")) {
      Files.copy(data.image("training", "a"), one.resolve(name));
      Files.copy(data.image("training", "a"), other.resolve(name));
    }
    Outcome clash = Outcome.of("predict", run, one, other, "--out", dir.resolve("clash"));
    assertEquals(1, clash.code());
    assertEquals(2, clash.err().lines().count(), clash.err());
    assertTrue(
        clash
            .sentence()
            .endsWith("called 1, and those of 2 more there; rename them, or predict them apart"),
        clash.err());
    assertTrue(clash.err().contains("3 of 6 images failed"), clash.err());
    Path name = dir.resolve("\u001b[2J\n.png");
    Files.copy(data.image("training", "a"), name);
    Path out = dir.resolve("escaped");
    Outcome escaped = Outcome.of("predict", run, name, "--out", out, "--verbose");
    assertEquals(0, escaped.code(), escaped.err());
    assertTrue(escaped.out().contains("\\u001b[2J\\u000a.png -> "), escaped.out());
    Files.delete(name);
  }

  private void resultsAreNeverData(Path run, TinyFolder data) {
    Path among = data.image("training", "a").getParent();
    for (Path out : List.of(data.dir(), among, among.resolve("new"))) {
      Outcome refused = Outcome.of("predict", run, data.image("training", "a"), "--out", out);
      assertEquals(1, refused.code());
      assertTrue(refused.sentence().endsWith("choose another --out"), refused.err());
    }
    assertEquals(0, Outcome.of("data", "check", "--data", data.dir()).code(), "nothing is new");
  }

  private void oneBrokenFileDoesNotStopTheOthers(Path run, TinyFolder data) throws IOException {
    Path photos = Files.createDirectory(dir.resolve("photos"));
    Files.copy(data.image("training", "a"), photos.resolve("1.png"));
    Files.write(photos.resolve("2.png"), new byte[0]);
    Files.copy(data.image("training", "a"), photos.resolve("3.png"));
    Files.createFile(photos.resolve("._3.png"));
    Path out = dir.resolve("some");
    Outcome failed = Outcome.of("predict", run, photos, "--out", out);
    assertEquals(1, failed.code());
    assertTrue(failed.err().contains("2.png is empty"), failed.err());
    assertTrue(failed.err().contains("1 of 3 images failed"), failed.err());
    assertTrue(failed.out().startsWith("left out: 1 hidden file\n"), failed.out());
    assertTrue(Files.exists(out.resolve("masks/3.png")));
    Outcome skipped = Outcome.of("predict", run, photos, "--out", out, "--on-error", "skip");
    assertEquals(0, skipped.code(), skipped.err());
    assertTrue(skipped.err().contains("skipped 1 of 3 images"), skipped.err());

    Files.write(data.image("validation", "a"), new byte[0]);
    Outcome evaluated = Outcome.of("eval", run);
    assertEquals(1, evaluated.code());
    assertTrue(
        evaluated.err().contains("replace it or take it out with its mask"), evaluated.err());
    assertTrue(evaluated.out().contains("measured on 1 of 2 images"), evaluated.out());
    assertTrue(evaluated.err().contains("a.png is empty"), evaluated.err());
    assertEquals(0, Outcome.of("eval", run, "--on-error", "skip").code());
    byte[] kept = Files.readAllBytes(data.image("validation", "b"));
    Files.write(data.image("validation", "b"), new byte[0]);
    Outcome none = Outcome.of("eval", run, "--on-error", "skip");
    assertTrue(none.out().contains("since none of the 2 images could be read"), none.out());
    assertFalse(none.out().contains("is labelled"), none.out());
    Files.write(data.image("validation", "b"), kept);
  }

  private void resultsAreNoInputsAndOverwriteNone(Path run, TinyFolder data) throws IOException {
    Path photos = Files.createDirectory(dir.resolve("again"));
    Files.copy(data.image("training", "a"), photos.resolve("1.png"));
    for (int i = 0; i < 2; i++) {
      Outcome predicted = Outcome.of("predict", run, photos, "--out", photos);
      assertEquals(0, predicted.code(), predicted.err());
      assertEquals(List.of("1.png"), names(photos.resolve("masks")));
    }
    Path masks = Files.createDirectories(dir.resolve("pp/masks"));
    Path photograph = Files.copy(data.image("training", "a"), masks.resolve("1.png"));
    byte[] before = Files.readAllBytes(photograph);
    Outcome refused = Outcome.of("predict", run, masks, "--out", dir.resolve("pp"));
    assertEquals(1, refused.code());
    assertTrue(refused.sentence().endsWith("choose another --out"), refused.err());
    assertArrayEquals(before, Files.readAllBytes(photograph));
    assertEquals(List.of("masks"), names(dir.resolve("pp")));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String pathOfData(Path run) throws IOException {
    JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());
    return config.at("/config/data/path").asText();
  }

  @Test
  void masksHoldTheLabelsAndTheLegendTheirNames() throws IOException {
    Picture picture = TinyFolder.noise(3, 2);
    Predictions predictions = Predictions.create(dir, List.of("left", "right"));
    predictions.add("a", picture, new byte[] {0, 1, 1, 0, 0, 1});
    int[] labels = ImageFiles.readLabels(dir.resolve("masks/a.png")).values();
    assertArrayEquals(new int[] {0, 1, 1, 0, 0, 1}, labels);
    JsonNode legend = new ObjectMapper().readTree(dir.resolve("legend.json").toFile());
    assertEquals("right", legend.get(1).get("name").asText());
    int colour = Integer.decode(legend.get(1).get("colour").asText());
    assertEquals(colour, colourAt(ImageFiles.readRgb(dir.resolve("legend.png")), 10, 24 + 10));
  }

  @Test
  void ofTwoImagesOfOneNameTheSecondIsRefusedAtTheEnd() throws IOException {
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    Path photos = Files.createDirectory(dir.resolve("photos"));
    Files.copy(data.image("training", "a"), photos.resolve("1.jpg")); // by its content PNG
    Files.copy(data.image("training", "a"), photos.resolve("1.png"));
    for (int i = 2; i < 27; i++) {
      Files.write(photos.resolve(i + ".png"), new byte[0]);
    }
    Outcome saved = data.train(dir.resolve("run"), 32);
    assertEquals(0, saved.code(), saved.err());
    Path out = dir.resolve("out");
    Outcome predicted = Outcome.of("predict", dir.resolve("run"), photos, "--out", out);
    assertEquals(1, predicted.code());
    assertEquals(List.of("1.png"), names(out.resolve("masks")));
    assertTrue(predicted.err().contains("1.jpg and"), predicted.err());
    assertTrue(predicted.err().contains("would both be called 1"), predicted.err());
    assertTrue(predicted.err().contains("26 of 27 images failed"), predicted.err());
    for (int i = 2; i < 27; i++) {
      assertTrue(predicted.err().contains("/%d.png is empty".formatted(i)), "each is named");
    }
  }

  private static int colourAt(Picture picture, int x, int y) {
    int i = 3 * (y * picture.width() + x);
    byte[] rgb = picture.rgb();
    return new Color(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff).getRGB() & 0xffffff;
  }
}
