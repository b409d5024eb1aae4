package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.Confidences;
import org.segtrain.data.Confidences.Depth;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.inference.PredictionForms.Polygons;

final class PredictionsTest {

  private static final Picture PICTURE = new Picture(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
  private static final byte[] LABELS = {0, 1};
  private static final List<String> CLASSES = List.of("left", "right");

  @TempDir Path dir;

  @Test
  void aLegendWithoutWordsHasTheSameColours() {
    Predictions predictions =
        Predictions.create(dir, CLASSES, Palette.of(2), PredictionForms.USUAL, false);
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

  @Test
  void allFormsAreWrittenAndReplaceTheirOwn() throws IOException {
    PredictionForms forms =
        PredictionForms.USUAL
            .withFormats(List.of(MaskFormat.values()))
            .withProbabilities(Depth.SIXTEEN)
            .withPolygons(new Polygons(0, 1));
    Confidences confidences = new Confidences(2, 1, Depth.SIXTEEN);
    confidences.put(0, 0, 2, new float[] {0.5f, 1});
    Map<String, Path> photographs = Map.of("b/a", photograph("photos/a.png"));
    for (int i = 0; i < 2; i++) {
      Predictions.refuseOverwriting(dir, photographs, forms);
      try (Predictions all = Predictions.create(dir, CLASSES, Palette.of(2), forms)) {
        all.add("b/a", PICTURE, LABELS, Optional.of(confidences));
        assertEquals(all.mask("b/a"), all.first("b/a"));
      }
    }
    assertArrayEquals(
        new int[] {32768, 65535},
        ImageFiles.readLabels(dir.resolve("probabilities/b/a.png")).values());
    String polygons = Files.readString(dir.resolve("polygons/b/a.geojson"));
    assertTrue(polygons.contains("\"name\":\"right\""), polygons);
    assertEquals(2, new ObjectMapper().readTree(dir.resolve("predictions.json").toFile()).size());
    for (String name : List.of("probabilities", "polygons", "masks", "overlays")) {
      assertTrue(Predictions.isResult(dir.resolve(name)), name);
    }
    for (String name : List.of("probabilities/b/a.png", "polygons/b/a.geojson")) {
      byte[] own = Files.readAllBytes(dir.resolve(name));
      Files.write(dir.resolve(name), foreign());
      assertRefused(() -> Predictions.refuseOverwriting(dir, photographs, forms), name);
      Files.write(dir.resolve(name), own);
    }
    Files.write(dir.resolve("predictions.json"), foreign());
    assertRefused(
        () -> Predictions.create(dir, CLASSES, Palette.of(2), forms), "predictions.json is there");
  }

  /** A program may write labels, in which some pixels have no class. */
  @Test
  void voidIsNeitherRegionNorRunLength() throws IOException {
    PredictionForms forms =
        new PredictionForms(
            Set.of(MaskFormat.COCO_RLE), Optional.empty(), Optional.of(new Polygons(0, 1)), false);
    byte none = (byte) Sample.VOID;
    Picture two = new Picture(2, 1, new byte[6]);
    try (Predictions predictions =
        Predictions.create(dir, List.of("left", "right"), Palette.of(2), forms)) {
      predictions.add("void", two, new byte[] {none, none});
      predictions.add("half", two, new byte[] {none, 1});
    }
    assertFalse(Files.readString(dir.resolve("polygons/void.geojson")).contains("Feature\""));
    String half = Files.readString(dir.resolve("polygons/half.geojson"));
    assertEquals(2, half.split("\"Feature\"", -1).length, half);
    String lengths = Files.readString(dir.resolve("predictions.json"));
    assertEquals(2, lengths.split("category_id", -1).length, lengths);
    assertTrue(lengths.startsWith("[") && lengths.contains("\"category_id\":1"), lengths);
  }

  @Test
  void runLengthsAloneLeaveMasksOut() {
    PredictionForms forms = PredictionForms.USUAL.withFormats(List.of(MaskFormat.COCO_RLE));
    try (Predictions some = Predictions.create(dir, CLASSES, Palette.of(2), forms)) {
      some.add("a", PICTURE, LABELS);
      assertEquals(dir.resolve("overlays/a.png"), some.first("a"));
    }
    assertTrue(Files.exists(dir.resolve("predictions.json")));
    assertTrue(Files.notExists(dir.resolve("masks")));
  }

  @Test
  void overlaysHaveTheNameAboveAndTheClassesBelow() {
    Palette palette = Palette.of(List.of(0x00FF00, 0xFF0000));
    Picture picture = new Picture(400, 100, new byte[3 * 400 * 100]);
    byte[] labels = new byte[400 * 100]; // the first class everywhere
    for (boolean captions : new boolean[] {true, false}) {
      PredictionForms forms = PredictionForms.USUAL.withCaptions(captions);
      for (boolean words : new boolean[] {true, false}) {
        Predictions.create(dir, CLASSES, palette, forms, words).add("a", picture, labels);
        Picture overlay = ImageFiles.readRgb(dir.resolve("overlays/a.png"));
        assertEquals(400, overlay.width());
        assertEquals(captions && words ? 140 : 100, overlay.height());
        assertEquals(captions && words, coloured(overlay, 0x00FF00) > 50, "a swatch");
        assertEquals(0, coloured(overlay, 0xFF0000), "a class that does not occur");
        assertEquals(400 * 100, coloured(overlay, 0x007F00), "the photograph is all there");
      }
    }
  }

  private static int coloured(Picture picture, int rgb) {
    int count = 0;
    for (int i = 0; i < picture.rgb().length; i += 3) {
      byte[] bytes = picture.rgb();
      int found = (bytes[i] & 0xFF) << 16 | (bytes[i + 1] & 0xFF) << 8 | (bytes[i + 2] & 0xFF);
      count += found == rgb ? 1 : 0;
    }
    return count;
  }

  @Test
  void polygonsFollowReasonableRules() {
    assertThrows(UsageException.class, () -> new Polygons(-1, 1));
    assertThrows(UsageException.class, () -> new Polygons(Double.NaN, 1));
    assertThrows(UsageException.class, () -> new Polygons(1, 0));
    assertThrows(UsageException.class, () -> MaskFormat.of("coco"));
    assertThrows(UsageException.class, () -> Depth.of("12"));
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
    assertRefused(() -> Predictions.refuseAmongData(link.resolve("new")), "is among the images");
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
      assertRefused(() -> Predictions.refuseAmongData(dir.resolve(split)), "is among the images");
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
