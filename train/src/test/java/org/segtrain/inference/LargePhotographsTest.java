package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.LabelledPhotograph;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.train.TinyRuns;

/** An image that takes more than an eighth of the heap is measured and predicted by parts. */
@Tag("slow")
final class LargePhotographsTest {

  private static final int WIDTH = 4096;
  private static final int BYTES_PER_PIXEL = 12;

  @TempDir private Path dir;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private int height;
  private Dataset dataset;

  /** Black on the left, white on the right; the labels say so but for a strip of 96 rows. */
  @BeforeEach
  void write() throws IOException {
    height = (int) (Runtime.getRuntime().maxMemory() / 8 / BYTES_PER_PIXEL / WIDTH) + 100;
    BufferedImage halves = new BufferedImage(WIDTH, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = ((DataBufferByte) halves.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < height; y++) {
      Arrays.fill(pixels, y * WIDTH + WIDTH / 2, (y + 1) * WIDTH, (byte) 255);
    }
    write("images/validation/a.png", halves);
    for (int y = 0; y < height; y++) {
      Arrays.fill(pixels, y * WIDTH + WIDTH / 2, (y + 1) * WIDTH, (byte) (y < 96 ? 0 : 1));
    }
    write("annotations/validation/a.png", halves);
    Files.writeString(dir.resolve("classes.txt"), "dark\nlight\n");
    dataset = FolderDataset.open(dir, DataFiles.USUAL);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void windowsOfAStoredPhotographAreMeasured() throws IOException {
    assertFalse(ImageFiles.open(dir.resolve("images/validation/a.png")) instanceof Picture);
    LabelledPhotograph image = dataset.open(Split.VALIDATION, 0);
    assertFalse(image instanceof Sample);
    assertMeasured("{\"size\": \"original\", \"window\": \"512\"}");
  }

  @Test
  void aStoredPhotographIsResizedAndItsScoresEnlarged() throws IOException {
    assertMeasured("{\"size\": \"%dx512\"}".formatted(height));
  }

  private void assertMeasured(String evaluation) throws IOException {
    TrainConfig config =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\"}, \"evaluation\": %s}".formatted(evaluation));
    Block model =
        new LambdaBlock(
            images -> {
              NDList scores = new NDList(images.head().get(":, 0:1"));
              return new NDList(scores.head().neg().concat(scores.head(), 1));
            });
    try (Segmenter segmenter = new Segmenter(manager, Network.of(model), config)) {
      double right = 1 - 96.0 * WIDTH / 2 / ((double) WIDTH * height);
      double found = segmenter.evaluate(dataset, Split.VALIDATION).metrics().accuracy();
      assertEquals(right, found, 1e-3);
      Photograph photograph = dataset.open(Split.VALIDATION, 0).photograph();
      Predictions predictions = Predictions.create(dir.resolve("out"), List.of("dark", "light"));
      predictions.add("a", photograph, segmenter.segment(photograph));
    }
    Path overlay = dir.resolve("out/overlays/a.png");
    assertTrue(ImageFiles.isOwn(predicted()));
    assertTrue(ImageFiles.open(overlay).height() > height, "with captions");
    assertEquals(WIDTH, ImageFiles.open(predicted()).width());
  }

  private Path predicted() {
    return dir.resolve("out/masks/a.png");
  }

  private void write(String name, BufferedImage image) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
