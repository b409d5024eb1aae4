package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;

final class PredictionsTest {

  private static final Picture PICTURE = new Picture(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
  private static final byte[] LABELS = {0, 1};
  private static final List<String> CLASSES = List.of("left", "right");

  @TempDir Path dir;

  @Test
  void aLegendWithoutWordsHasTheSameColours() {
    Predictions predictions = Predictions.create(dir, CLASSES, Palette.of(2), false);
    assertFalse(predictions.hasWords());
    Picture legend = ImageFiles.readRgb(dir.resolve("legend.png"));
    int at = 3 * (10 * legend.width() + 10);
    assertEquals(Palette.of(2).rgb(0) & 0xFF, legend.rgb()[at + 2] & 0xFF);
    for (int i = 3 * 40; i < 3 * legend.width(); i++) {
      assertEquals(-1, legend.rgb()[i], "white behind the colours");
    }
  }

  @Test
  void predictionsReplaceEarlierOnesAndNothingElse() throws IOException {
    Map<String, Path> photographs = Map.of("a", photograph("photos/a.png"));
    Predictions.refuseOverwriting(dir, photographs);
    Predictions.create(dir, CLASSES).add("a", PICTURE, LABELS);
    Predictions.refuseOverwriting(dir, photographs);
    Predictions again = Predictions.create(dir, CLASSES);
    again.add("a", PICTURE, LABELS);

    Files.write(dir.resolve("overlays/a.png"), foreign());
    assertRefused(
        () -> Predictions.refuseOverwriting(dir, photographs), "overlays/a.png", "not overwritten");
    assertRefused(() -> again.add("a", PICTURE, LABELS), "overlays/a.png");
    Files.writeString(dir.resolve("legend.json"), "{\"mine\": 1}");
    assertRefused(() -> Predictions.create(dir, CLASSES), "legend.json");
  }

  /** As where the file system takes {@code a} and {@code A} for one. */
  @Test
  void twoPhotographsDoNotShareAResult() throws IOException {
    Predictions predictions = Predictions.create(dir, CLASSES);
    predictions.add("a", PICTURE, LABELS);
    predictions.add("a", PICTURE, LABELS);
    Files.createSymbolicLink(dir.resolve("masks/b.png"), Path.of("a.png"));
    byte[] mask = Files.readAllBytes(dir.resolve("masks/a.png"));
    assertRefused(
        () -> predictions.add("b", PICTURE, new byte[] {1, 0}),
        "masks/b.png is the result of another photograph");
    assertArrayEquals(mask, Files.readAllBytes(dir.resolve("masks/a.png")));
    predictions.add("c", PICTURE, LABELS);
  }

  @Test
  void photographsInTheFolderOfMasksAreNotOverwritten() throws IOException {
    Path photograph = dir.resolve("masks/a.png");
    Files.createDirectories(photograph.getParent());
    Files.write(photograph, foreign());
    assertRefused(() -> Predictions.refuseOverwriting(dir, Map.of("a", photograph)), "masks/a.png");
  }

  @Test
  void resultsLieNowhereAmongData() throws IOException {
    photograph("labels/training/a.png");
    photograph("images/training/a.jpg");
    for (String among : List.of("", "images", "images/training", "images/x", "labels/new/y")) {
      assertRefused(() -> Predictions.refuseAmongData(dir.resolve(among)), "another folder");
    }
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("images/training"));
    assertRefused(() -> Predictions.refuseAmongData(link.resolve("new")), "is a place of images");
    photograph("train/images/a.jpg");
    assertRefused(() -> Predictions.refuseAmongData(dir.resolve("train")), "has data in images");
    Path beside = dir.resolve("results");
    Predictions.refuseAmongData(beside);
    Predictions.create(beside, CLASSES).add("a", PICTURE, LABELS);
    Predictions.refuseAmongData(beside); // its own masks are no labels of others
    photograph("hidden/masks/.DS_Store");
    photograph("hidden/labels/training/a.txt");
    Predictions.refuseAmongData(dir.resolve("hidden")); // there is no image
    Files.createDirectories(dir.resolve("photos/images"));
    Predictions.refuseAmongData(dir.resolve("photos/images"));
    for (String split : List.of("photos/images/train", "photos/val/images/x")) { // no labels yet
      assertRefused(() -> Predictions.refuseAmongData(dir.resolve(split)), "is a place of images");
    }
  }

  @Test
  void earlierMasksThatArePredictedAreNotOverwritten() {
    Predictions.create(dir, CLASSES).add("a", PICTURE, LABELS);
    Path mask = dir.resolve("masks/a.png");
    assertRefused(() -> Predictions.refuseOverwriting(dir, Map.of("a", mask)), "is an input");
  }

  @Test
  void linksLeadToNoPhotograph() throws IOException {
    Path photograph = photograph("photos/a.png");
    Files.createSymbolicLink(dir.resolve("masks"), photograph.getParent());
    assertRefused(() -> Predictions.refuseOverwriting(dir, Map.of("a", photograph)), "masks/a.png");
  }

  @Test
  void partsOfAPredictionAreKnownByTheLegendBesideThem() throws IOException {
    Path photograph = photograph("photos/a.png");
    Files.createDirectory(dir.resolve("masks"));
    assertFalse(Predictions.isResult(dir.resolve("masks")));
    Predictions.create(dir, CLASSES).add("a", PICTURE, LABELS);
    assertTrue(Predictions.isResult(dir.resolve("masks")));
    assertTrue(Predictions.isResult(dir.resolve("overlays")));
    assertTrue(Predictions.isResult(dir.resolve("legend.png")));
    assertFalse(Predictions.isResult(photograph));
  }

  private Path photograph(String name) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, foreign());
  }

  /** A file that another program wrote. */
  private static byte[] foreign() {
    return "no prediction".getBytes(StandardCharsets.US_ASCII);
  }
}
