package org.segtrain.optim.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.engine.ArrayLists;
import org.segtrain.optim.OptimizerGoldens;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Rule;

/** Against {@code torch.optim.SGD}, whose numbers {@code tools/optimizers.py} makes. */
final class SgdTest {

  private static final JsonNode GOLDEN = OptimizerGoldens.read();
  private static final List<Shape> SHAPES = List.of(new Shape(3, 2), new Shape(4));
  private static final ParameterGroups GROUPS =
      new ParameterGroups(Decay.EVERYTHING, List.of(new Rule("^1", 10, 0.5)));

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void equalsPyTorch(int number) {
    JsonNode golden = GOLDEN.at("/sgd/" + number);
    Map<String, Parameter> parameters = parameters(golden);
    Sgd optimizer = sgd(golden, parameters);
    assertEquals(List.of("momentum.0", "momentum.1"), List.copyOf(optimizer.moments().keySet()));
    for (JsonNode gradients : golden.get("gradients")) {
      optimizer.step(arrays(gradients), GOLDEN.get("rate").asDouble());
    }
    List<NDArray> expected = arrays(golden.get("end"));
    for (int i = 0; i < SHAPES.size(); i++) {
      NDArray found = parameters.get(String.valueOf(i)).getArray();
      assertArrayEquals(expected.get(i).toFloatArray(), found.toFloatArray(), 1e-6f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void goesOnFromItsMomentumToTheSameBits(int number) {
    JsonNode golden = GOLDEN.at("/sgd/" + number);
    Map<String, Parameter> uninterrupted = parameters(golden);
    Map<String, Parameter> interrupted = parameters(golden);
    Sgd one = sgd(golden, uninterrupted);
    Sgd two = sgd(golden, interrupted);
    for (JsonNode gradients : golden.get("gradients")) {
      one.step(arrays(gradients), 0.1);
      Sgd after = sgd(golden, interrupted);
      List<NDArray> moments = List.copyOf(after.moments().values());
      ArrayLists.copy(moments, List.copyOf(two.moments().values()));
      two = after;
      two.step(arrays(gradients), 0.1);
    }
    for (String name : uninterrupted.keySet()) {
      assertArrayEquals(
          uninterrupted.get(name).getArray().toFloatArray(),
          interrupted.get(name).getArray().toFloatArray());
    }
  }

  private Sgd sgd(JsonNode golden, Map<String, Parameter> parameters) {
    return new Sgd(
        manager,
        parameters,
        GROUPS,
        GOLDEN.get("decay").asDouble(),
        golden.get("momentum").asDouble(),
        golden.get("nesterov").asBoolean());
  }

  private Map<String, Parameter> parameters(JsonNode golden) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    List<NDArray> start = arrays(golden.get("start"));
    for (int i = 0; i < start.size(); i++) {
      String name = String.valueOf(i);
      Parameter parameter =
          Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT).build();
      parameter.setArray(start.get(i));
      parameters.put(name, parameter);
    }
    return parameters;
  }

  private List<NDArray> arrays(JsonNode lists) {
    List<NDArray> arrays = new ArrayList<>();
    for (JsonNode list : lists) {
      float[] values = new float[list.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) list.get(i).asDouble();
      }
      arrays.add(manager.create(values, SHAPES.get(arrays.size())));
    }
    return arrays;
  }
}
