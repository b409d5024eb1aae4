package org.segtrain.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.Confidences;
import org.segtrain.data.Confidences.Depth;
import org.segtrain.engine.Aten;
import org.segtrain.images.PixelSize;
import org.segtrain.metrics.Averaging;

final class ClassMapTest {

  private static final int CLASSES = 11;
  private static final Averaging MEAN = Averaging.PROBABILITIES;
  private static final PixelSize IMAGE = new PixelSize(29, 37);
  private static final Optional<Confidences> NONE = Optional.empty();

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "1000, false", "5000, true", "11803, false", "99999999, true"})
  void stripsGiveTheMapOfAllScoresAtOnce(long largest, boolean alignCorners) {
    NDArray scores = scores(2);
    byte[] expected = highest(Aten.resizeBilinear(scores, 37, 29, alignCorners));
    ClassMap.View view = new ClassMap.View(scores, IMAGE, false);
    assertArrayEquals(
        expected, ClassMap.of(List.of(view), IMAGE, MEAN, alignCorners, NONE, largest));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2000, 99_999_999})
  void whatIsPaddingIsLeftOut(long largest) {
    NDArray scores = scores(2);
    NDArray large = Aten.resizeBilinear(scores, 48, 32, false);
    byte[] expected = highest(large.get(new NDIndex("..., :37, :29")));
    ClassMap.View view = new ClassMap.View(scores, new PixelSize(32, 48), false);
    assertArrayEquals(expected, ClassMap.of(List.of(view), IMAGE, MEAN, false, NONE, largest));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2000, 99_999_999})
  void probabilitiesOfViewsAreAveraged(long largest) {
    NDArray one = scores(2);
    NDArray other = scores(3);
    NDArray sum =
        Aten.resizeBilinear(one, 37, 29, false)
            .softmax(1)
            .add(Aten.resizeBilinear(other, 37, 29, false).softmax(1).flip(3));
    List<ClassMap.View> views =
        List.of(new ClassMap.View(one, IMAGE, false), new ClassMap.View(other, IMAGE, true));
    assertArrayEquals(highest(sum), ClassMap.of(views, IMAGE, MEAN, false, NONE, largest));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2000, 99_999_999})
  void scoresOfViewsAreAveraged(long largest) {
    NDArray one = scores(2);
    NDArray other = scores(3).mul(3);
    NDArray sum =
        Aten.resizeBilinear(one, 37, 29, false)
            .add(Aten.resizeBilinear(other, 37, 29, false).flip(3));
    List<ClassMap.View> views =
        List.of(new ClassMap.View(one, IMAGE, false), new ClassMap.View(other, IMAGE, true));
    byte[] found = ClassMap.of(views, IMAGE, Averaging.LOGITS, false, NONE, largest);
    assertArrayEquals(highest(sum), found);
    assertFalse(Arrays.equals(found, ClassMap.of(views, IMAGE, MEAN, false, NONE, largest)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2000, 99_999_999})
  void confidenceIsTheSoftmaxOfTheChosenClass(long largest) {
    NDArray scores = scores(2);
    NDArray large = Aten.resizeBilinear(scores, 37, 29, false).softmax(1);
    assertConfident(large, List.of(new ClassMap.View(scores, IMAGE, false)), MEAN, largest);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2000, 99_999_999})
  void confidenceOfViewsIsOfTheirMean(long largest) {
    NDArray one = Aten.resizeBilinear(scores(2), 37, 29, false);
    NDArray other = Aten.resizeBilinear(scores(3), 37, 29, false).flip(3);
    List<ClassMap.View> views =
        List.of(
            new ClassMap.View(scores(2), IMAGE, false), new ClassMap.View(scores(3), IMAGE, true));
    assertConfident(one.softmax(1).add(other.softmax(1)).div(2), views, MEAN, largest);
    assertConfident(one.add(other).div(2).softmax(1), views, Averaging.LOGITS, largest);
  }

  private static void assertConfident(
      NDArray probabilities, List<ClassMap.View> views, Averaging average, long largest) {
    byte[] labels = ClassMap.of(views, IMAGE, average, false, NONE, largest);
    float[] expected = probabilities.max(new int[] {1}).toFloatArray();
    for (Depth depth : Depth.values()) {
      Confidences found = new Confidences(IMAGE.width(), IMAGE.height(), depth);
      assertArrayEquals(
          labels, ClassMap.of(views, IMAGE, average, false, Optional.of(found), largest));
      for (int i = 0; i < expected.length; i++) {
        double at = found.at(i % IMAGE.width(), i / IMAGE.width());
        assertEquals(expected[i], at, 0.501 / depth.largest() + 1e-6, "pixel " + i);
      }
    }
  }

  @Test
  void nothingIsLeftBehind() {
    ClassMap.View view = new ClassMap.View(scores(2), IMAGE, false);
    int before = manager.getManagedArrays().size();
    ClassMap.of(List.of(view, view), IMAGE, MEAN, false, NONE, 2000);
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void theFirstOfEqualScoresWins() {
    PixelSize four = new PixelSize(4, 4);
    ClassMap.View same = new ClassMap.View(manager.ones(new Shape(1, 4, 2, 2)), four, false);
    assertArrayEquals(new byte[16], ClassMap.of(List.of(same), four, MEAN, false, NONE, 1));
    assertArrayEquals(new byte[16], ClassMap.of(List.of(same), four, MEAN, false, NONE, 1000));
  }

  private static byte[] highest(NDArray scores) {
    return scores.argMax(1).toType(DataType.UINT8, false).toByteArray();
  }

  private NDArray scores(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[CLASSES * 9 * 7];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(1, CLASSES, 9, 7));
  }
}
