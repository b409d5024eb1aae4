package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.Sample;
import org.segtrain.engine.Autograd;
import org.segtrain.loss.LossMean;

/**
 * Losses against PyTorch, whose numbers {@code tools/losses.py} makes: with void pixels, a void
 * image, a void batch, and a class that no pixel has.
 */
final class LossGoldensTest {

  private static final JsonNode GOLDEN = golden();
  private static final double TOLERANCE = 1e-5;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  static Stream<Arguments> cases() {
    return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
        .map(
            one ->
                Arguments.of(
                    "%s of %s, %s"
                        .formatted(
                            one.get("terms").asText(),
                            one.get("images").asText(),
                            one.get("mean").asText()),
                    one));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void valueAndGradientEqualThoseOfPyTorch(String name, JsonNode one) {
    NDArray scores =
        manager.create(floats(GOLDEN.at("/scores/values")), shape(GOLDEN.at("/scores/shape")));
    long[] labels = longs(GOLDEN.at("/labels").get(one.get("images").asText()));
    ClassWeights weights = ClassWeights.of(doubles(one.get("weights")));
    Criterion criterion =
        new Criterion(
            LossTerms.of("loss.terms", one.get("terms").asText()),
            LossMean.of(one.get("mean").asText()),
            one.get("smoothing").asDouble(),
            weights.array(manager),
            false);
    SegmentationLoss loss =
        loss(
            criterion,
            scores,
            manager.create(labels, shape(GOLDEN.get("labels_shape"))),
            pixel(criterion.mean(), labels, weights));
    double value = one.get("value").asDouble();
    assertEquals(value, loss.value(), TOLERANCE * Math.max(1, value));
    assertArrayEquals(
        floats(one.get("gradient")), loss.gradient().toFloatArray(), (float) TOLERANCE);
    if (one.get("images").asText().equals("void")) {
      assertEquals(0, loss.value(), 0);
      assertArrayEquals(new float[(int) scores.size()], loss.gradient().toFloatArray(), 0);
    }
  }

  @Test
  void thereIsACaseOfEachTermAndTheirClassesAreNotAllPresent() {
    Set<String> terms = new HashSet<>();
    for (JsonNode one : GOLDEN.get("cases")) {
      LossTerms.of("loss.terms", one.get("terms").asText()).terms().stream()
          .map(term -> term.variant().toString())
          .forEach(terms::add);
    }
    assertEquals(Set.copyOf(LossTerms.names()), terms);
    long[] labels = longs(GOLDEN.at("/labels/both"));
    assertTrue(Arrays.stream(labels).noneMatch(label -> label == 3));
    assertTrue(Arrays.stream(labels).anyMatch(label -> label == Sample.VOID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ce", "ohem", "focal(gamma=0.5)", "boundary", "dice", "tversky", "lovasz"})
  void aPixelThatIsCertainHasAFiniteGradient(String terms) {
    float[] values = new float[2 * 3 * 4];
    Arrays.fill(values, 0, 4, 200); // of the first class
    NDArray scores = manager.create(values, new Shape(2, 3, 2, 2));
    NDArray labels =
        manager.create(new long[] {0, 0, 1, 2, 0, 1, 2, Sample.VOID}, new Shape(2, 2, 2));
    SegmentationLoss loss = loss(criterion(terms), scores, labels, 1);
    assertTrue(Double.isFinite(loss.value()));
    for (float number : loss.gradient().toFloatArray()) {
      assertTrue(Float.isFinite(number));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.4*ohem+dice+lovasz(per=batch)", "focal+boundary+tversky(per=batch)"})
  void leavesNothingInTheManagerButWhatItGives(String terms) {
    try (NDManager pass = manager.newSubManager()) {
      NDArray scores = pass.create(new float[2 * 3 * 4], new Shape(2, 3, 2, 2));
      NDArray labels = pass.create(new long[32], new Shape(2, 4, 4));
      loss(criterion(terms), scores, labels, 1);
      assertEquals(4, pass.getManagedArrays().size());
    }
  }

  private Criterion criterion(String terms) {
    NDArray weights = ClassWeights.equal(3).array(manager);
    return new Criterion(LossTerms.of("loss.terms", terms), LossMean.VALID, 0, weights, false);
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private static SegmentationLoss loss(
      Criterion criterion, NDArray scores, NDArray labels, double pixel) {
    try (Autograd on = Autograd.on()) {
      return criterion.of(scores, labels, new Criterion.Weight(1, pixel, 1));
    }
  }

  private static double pixel(LossMean mean, long[] labels, ClassWeights weights) {
    long[] counts = new long[Sample.VOID + 1];
    Arrays.stream(labels).forEach(label -> counts[(int) label]++);
    double total = mean == LossMean.ALL ? labels.length : weights.total(counts);
    return total == 0 ? 0 : 1 / total;
  }

  private static JsonNode golden() {
    try (InputStream file = LossGoldensTest.class.getResourceAsStream("losses.json")) {
      return new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Shape shape(JsonNode sizes) {
    return new Shape(longs(sizes));
  }

  private static long[] longs(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  private static double[] doubles(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) list.get(i).asDouble();
    }
    return values;
  }
}
