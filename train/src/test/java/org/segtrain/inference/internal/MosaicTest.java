package org.segtrain.inference.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;

final class MosaicTest {

  private static final int WIDTH = 400;
  private static final int HEIGHT = 97;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final Picture picture = noise();
  private int largestPart;
  private int lastTop;
  private int stepsBack;
  private int read; // windows that were told

  @AfterEach
  void close() {
    manager.close();
  }

  /** Parts of a photograph, as they are read of a file. */
  private final class Watched implements Photograph {

    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public int height() {
      return HEIGHT;
    }

    @Override
    public Picture part(int left, int top, int width, int height) {
      largestPart = Math.max(largestPart, width * height);
      stepsBack += top < lastTop ? 1 : 0;
      lastTop = top;
      return picture.part(left, top, width, height);
    }

    @Override
    public Picture whole() {
      throw new AssertionError("a mosaic reads parts");
    }
  }

  /** Three scores, the colours of a pixel plus how far it is from the corner of its window. */
  @ParameterizedTest
  @CsvSource({
    "32x40, 20x30, 999999999", // all columns at a time
    "32x40, 20x30, 1", // 160 columns at a time
    "32x40, 20x30, 20000", // 208
    "32x40, 10x10, 1", // several windows over a pixel, both ways
    "32x40, 32x40, 1", // none
    "200x40, 200x30, 1", // higher than the photograph
    "32x500, 9x500, 1" // wider
  })
  void everyPixelHasTheMeanOfItsWindows(String size, String stride, long largest) {
    ImageSize window = ImageSize.of(size);
    ImageSize step = ImageSize.of(stride);
    int height = Math.min(HEIGHT, window.height());
    int width = Math.min(WIDTH, window.width());
    double[] sums = new double[3 * WIDTH * HEIGHT];
    int[] counts = new int[WIDTH * HEIGHT];
    for (int row = 0; row == 0 || (row - 1) * step.height() < HEIGHT - height; row++) {
      for (int column = 0; column == 0 || (column - 1) * step.width() < WIDTH - width; column++) {
        int top = Math.min(row * step.height(), HEIGHT - height);
        int left = Math.min(column * step.width(), WIDTH - width);
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int pixel = (top + y) * WIDTH + left + x;
            counts[pixel]++;
            for (int k = 0; k < 3; k++) {
              sums[k * WIDTH * HEIGHT + pixel] += (picture.rgb()[3 * pixel + k] & 0xFF) + x + 2 * y;
            }
          }
        }
      }
    }
    float[] expected = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      expected[i] = (float) (sums[i] / counts[i % counts.length]);
    }
    EvaluationConfig.Window sliding = new EvaluationConfig.Window(window, step);
    assertArrayEquals(expected, joined(sliding, largest), 1e-4F);
    assertEquals(Windows.count(HEIGHT, WIDTH, sliding), read, "each is told once");
  }

  @Test
  void oneRowOfWindowsIsReadAtATime() {
    EvaluationConfig.Window window = EvaluationConfig.Window.of(new ImageSize(32, 40));
    joined(window, 999_999_999);
    assertEquals(32 * WIDTH, largestPart);
    largestPart = 0;
    joined(window, 1);
    assertEquals(32 * 222, largestPart); // the eight windows that see the columns 160 to 320
  }

  /** From top to bottom, and the last two rows of windows once more for the second strip. */
  @Test
  void stripsOfColumnsShareTheBandsOfThePhotograph() {
    joined(new EvaluationConfig.Window(new ImageSize(32, 40), new ImageSize(20, 30)), 20_000);
    assertEquals(1, stepsBack);
  }

  @Test
  void nothingIsLeftBehind() {
    int before = manager.getManagedArrays().size();
    EvaluationConfig.Window window = EvaluationConfig.Window.of(new ImageSize(32, 40));
    new Mosaic(MosaicTest::input, MosaicTest::scores, false, count -> {}, 5000)
        .join(
            manager,
            picture,
            Windows.over(HEIGHT, WIDTH, window),
            (scores, left, top) -> assertEquals(3, scores.size(1)));
    assertEquals(before, manager.getManagedArrays().size());
  }

  private float[] joined(EvaluationConfig.Window window, long largest) {
    float[] all = new float[3 * WIDTH * HEIGHT];
    int[] times = new int[WIDTH * HEIGHT];
    new Mosaic(MosaicTest::input, MosaicTest::scores, false, count -> read += count, largest)
        .join(
            manager,
            new Watched(),
            Windows.over(HEIGHT, WIDTH, window),
            (scores, left, top) -> {
              float[] part = scores.toFloatArray();
              int width = (int) scores.size(3);
              int height = (int) scores.size(2);
              for (int i = 0; i < width * height; i++) {
                int pixel = (top + i / width) * WIDTH + left + i % width;
                times[pixel]++;
                for (int k = 0; k < 3; k++) {
                  all[k * WIDTH * HEIGHT + pixel] = part[k * width * height + i];
                }
              }
            });
    for (int count : times) {
      assertEquals(1, count);
    }
    return all;
  }

  private static NDArray input(NDManager own, Picture seen) {
    float[] values = new float[seen.rgb().length];
    int pixels = seen.width() * seen.height();
    for (int i = 0; i < values.length; i++) {
      values[i % 3 * pixels + i / 3] = seen.rgb()[i] & 0xFF;
    }
    return own.create(values, new Shape(1, 3, seen.height(), seen.width()));
  }

  private static NDArray scores(NDArray images) {
    NDManager own = images.getManager();
    int height = (int) images.size(2);
    int width = (int) images.size(3);
    NDArray columns = own.arange(0, width, 1, DataType.FLOAT32).reshape(1, 1, 1, width);
    NDArray rows = own.arange(0, 2 * height, 2, DataType.FLOAT32).reshape(1, 1, height, 1);
    return images.add(columns).add(rows);
  }

  private static Picture noise() {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    new Random(8).nextBytes(rgb);
    return new Picture(WIDTH, HEIGHT, rgb);
  }

  @Test
  void windowsAreCountedWithoutAList() {
    EvaluationConfig.Window one =
        new EvaluationConfig.Window(new ImageSize(32, 32), new ImageSize(1, 1));
    long edge = 100_000_000 - 32 + 1L;
    assertEquals(edge * edge, Windows.count(100_000_000, 100_000_000, one));
    EvaluationConfig.Window usual =
        new EvaluationConfig.Window(new ImageSize(512, 512), new ImageSize(448, 448));
    assertEquals(2025, Windows.count(20_000, 20_000, usual));
    assertEquals(1, Windows.count(100, 512, usual));
  }
}
