package org.segtrain.optim.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.ArrayLists;
import org.segtrain.optim.ParameterGroups;

final class AdamWTest {

  private static final double DECAY = 0.1;
  private static final double RATE = 0.01;
  private static final ParameterGroups GROUPS =
      new ParameterGroups(
          ParameterGroups.Decay.MATRICES, List.of(new ParameterGroups.Rule("^head", 10, 0.5)));

  /** Name, shape, and what the groups make of it: factors of the rate and of the decay. */
  private record Case(String name, Shape shape, double rate, double decay) {}

  private static final List<Case> CASES =
      List.of(
          new Case("head.weight", new Shape(3, 2), 10, 0.5),
          new Case("body.weight", new Shape(2, 5), 1, 1),
          new Case("head.bias", new Shape(7), 10, 0),
          new Case("body.more.weight", new Shape(4, 1), 1, 1),
          new Case("body.bias", new Shape(3), 1, 0));

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void equalsPlainLoops() {
    Map<String, Parameter> parameters = parameters();
    AdamW optimizer = new AdamW(manager, parameters, GROUPS, DECAY);
    List<double[]> expected = new ArrayList<>();
    CASES.forEach(c -> expected.add(doubles(parameters.get(c.name()).getArray())));
    List<double[]> means = CASES.stream().map(c -> new double[(int) c.shape().size()]).toList();
    List<double[]> squares = CASES.stream().map(c -> new double[(int) c.shape().size()]).toList();
    for (int step = 1; step <= 6; step++) {
      List<NDArray> gradients = gradients(step);
      for (int i = 0; i < CASES.size(); i++) {
        Case c = CASES.get(i);
        double[] gradient = doubles(gradients.get(i));
        plainStep(c, step, expected.get(i), gradient, means.get(i), squares.get(i));
      }
      optimizer.step(gradients, RATE);
    }
    for (int i = 0; i < CASES.size(); i++) {
      NDArray array = parameters.get(CASES.get(i).name()).getArray();
      assertArrayEquals(expected.get(i), doubles(array), 2e-6, CASES.get(i).name());
    }
  }

  private static void plainStep(
      Case c, int step, double[] weight, double[] gradient, double[] mean, double[] square) {
    double rate = RATE * c.rate();
    for (int j = 0; j < weight.length; j++) {
      mean[j] = 0.9 * mean[j] + 0.1 * gradient[j];
      square[j] = 0.999 * square[j] + 0.001 * gradient[j] * gradient[j];
      double corrected = mean[j] / (1 - Math.pow(0.9, step));
      double spread = Math.sqrt(square[j] / (1 - Math.pow(0.999, step)));
      weight[j] = weight[j] * (1 - rate * DECAY * c.decay()) - rate * corrected / (spread + 1e-8);
    }
  }

  @Test
  void goesOnFromItsMomentsAsIfNeverInterrupted() {
    Map<String, Parameter> uninterrupted = parameters();
    AdamW one = new AdamW(manager, uninterrupted, GROUPS, DECAY);
    for (int step = 1; step <= 5; step++) {
      one.step(gradients(step), RATE);
    }
    Map<String, Parameter> interrupted = parameters();
    AdamW before = new AdamW(manager, interrupted, GROUPS, DECAY);
    for (int step = 1; step <= 3; step++) {
      before.step(gradients(step), RATE);
    }
    AdamW after = new AdamW(manager, interrupted, GROUPS, DECAY);
    ArrayLists.copy(List.copyOf(after.moments().values()), List.copyOf(before.moments().values()));
    after.resumeAt(3);
    for (int step = 4; step <= 5; step++) {
      after.step(gradients(step), RATE);
    }
    for (Case c : CASES) {
      assertArrayEquals(
          uninterrupted.get(c.name()).getArray().toFloatArray(),
          interrupted.get(c.name()).getArray().toFloatArray(),
          c.name());
    }
  }

  @Test
  void momentsHaveTheNamesOfTheirParametersAndFrozenOnesHaveNone() {
    Map<String, Parameter> parameters = parameters();
    Parameter frozen = parameter("frozen", new Shape(2, 2));
    frozen.freeze(true);
    parameters.put("frozen", frozen);
    AdamW optimizer = new AdamW(manager, parameters, GROUPS, DECAY);
    List<String> expected = new ArrayList<>();
    CASES.forEach(c -> expected.addAll(List.of("mean." + c.name(), "square." + c.name())));
    assertEquals(expected, List.copyOf(optimizer.moments().keySet()));
    assertEquals(CASES.size(), optimizer.weights().size());
  }

  private Map<String, Parameter> parameters() {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    CASES.forEach(c -> parameters.put(c.name(), parameter(c.name(), c.shape())));
    return parameters;
  }

  private Parameter parameter(String name, Shape shape) {
    Parameter parameter = Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT).build();
    parameter.setArray(normal(shape, name.hashCode()));
    return parameter;
  }

  private List<NDArray> gradients(int step) {
    return CASES.stream().map(c -> normal(c.shape(), 31 * step + c.name().hashCode())).toList();
  }

  private NDArray normal(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, shape);
  }

  private static double[] doubles(NDArray array) {
    float[] floats = array.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
