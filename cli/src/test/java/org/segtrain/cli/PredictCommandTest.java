package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.cli.commands.Inputs;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.errors.DataException;
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
            data.dir(),
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
    Path mask = out.resolve("masks/training/a.png");
    assertEquals(TinyFolder.WIDTH, ImageFiles.readLabels(mask).width());
    Picture overlay = ImageFiles.readRgb(out.resolve("overlays/validation/b.png"));
    assertEquals(TinyFolder.HEIGHT, overlay.height());
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
  void twoImagesOfOneNameAreRefused() throws IOException {
    Files.createDirectory(dir.resolve("x"));
    List<Path> twins = List.of(dir.resolve("a.png"), dir.resolve("x/a.jpg"));
    assertThrows(DataException.class, () -> Inputs.find(twins));
  }

  private static int colourAt(Picture picture, int x, int y) {
    int i = 3 * (y * picture.width() + x);
    byte[] rgb = picture.rgb();
    return new Color(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff).getRGB() & 0xffffff;
  }
}
