package org.segtrain.backbones;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.nn.BatchNorm;

/** What every backbone promises. Each variant is made once. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class BackboneContract {

  private static final Shape SQUARE = new Shape(2, 3, 64, 64);
  private static final Shape ODD = new Shape(1, 3, 70, 101);

  @org.junit.jupiter.params.Parameter private BackboneVariant variant;
  private NDManager manager;
  private Backbone backbone;
  private Backbone moved;

  @BeforeParameterizedClassInvocation
  void makeBackbone() {
    manager = NDManager.newBaseManager();
    backbone = variant.config().build(0);
    backbone.initialize(manager, DataType.FLOAT32, SQUARE);
    moved = awayFromInitialWeights();
  }

  @AfterParameterizedClassInvocation
  void closeManager() {
    manager.close();
  }

  @Test
  void fourMapsHaveTheDeclaredShapes() {
    for (Shape image : List.of(SQUARE, ODD)) {
      Shape[] declared = backbone.getOutputShapes(new Shape[] {image});
      try (NDManager scope = manager.newSubManager()) {
        NDList maps = inferred(backbone, scope.randomNormal(image));
        assertEquals(4, maps.size());
        assertArrayEquals(declared, maps.getShapes());
      }
    }
    assertEquals(Reference.channels(variant), backbone.channels().toString().replace(" ", ""));
  }

  @Test
  void stateIsThatOfTheReference() {
    Map<String, Parameter> state = StateDict.of(backbone);
    Map<String, String> shapes = new TreeMap<>();
    state.forEach((name, parameter) -> shapes.put(name, shape(parameter)));
    StateDict.repeats(backbone).forEach((again, name) -> shapes.put(again, shape(state.get(name))));
    assertEquals(Reference.state(variant), shapes);
    long learned =
        state.values().stream()
            .filter(Parameter::requiresGradient)
            .mapToLong(parameter -> parameter.getArray().size())
            .sum();
    assertEquals(Reference.parameters(variant), learned);
  }

  private static String shape(Parameter parameter) {
    return Arrays.toString(parameter.getArray().getShape().getShape());
  }

  @Test
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void everyParameterHasAGradient() {
    try (NDManager scope = manager.newSubManager()) {
      Map<String, Parameter> state = learned(moved);
      List<NDArray> weights = state.values().stream().map(Parameter::getArray).toList();
      try (Autograd on = Autograd.on()) {
        NDList maps = forward(moved, scope.randomNormal(SQUARE), true);
        List<NDArray> seeds = new ArrayList<>();
        maps.forEach(map -> seeds.add(scope.randomNormal(map.getShape())));
        List<NDArray> gradients = Autograd.gradients(maps, seeds, weights);
        List<String> names = List.copyOf(state.keySet());
        List<String> without = new ArrayList<>(names);
        without.removeIf(name -> gradients.get(names.indexOf(name)).norm().getFloat() > 0);
        assertEquals(List.of(), without);
      }
    }
  }

  /** A number that a block hands to DJL lies in memory of Java, and is gone when it is needed. */
  @Test
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void gradientsDoNotReadWhatTheGarbageCollectorTakes() {
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> weights = learned(moved).values().stream().map(Parameter::getArray).toList();
      NDArray image = scope.randomNormal(SQUARE);
      List<List<NDArray>> gradients = new ArrayList<>();
      try (Autograd on = Autograd.on()) {
        for (int round = 0; round < 2; round++) {
          NDList maps = forward(moved, image, true);
          if (round > 0) {
            System.gc();
            for (int i = 0; i < 1000; i++) {
              ByteBuffer.allocateDirect(Long.BYTES).putLong(-1); // in the place of what is gone
            }
          }
          gradients.add(Autograd.gradients(maps, new NDList(maps), weights));
        }
      }
      assertEquals(new NDList(gradients.get(0)), new NDList(gradients.get(1)));
    }
  }

  /**
   * A backbone whose scales are not zero, as some are at first, and whose batch norms use their
   * running statistics, since those of the batch would take the gradient of what they shift.
   */
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private Backbone awayFromInitialWeights() {
    Backbone away = variant.config().build(0);
    away.initialize(manager, DataType.FLOAT32, SQUARE);
    for (Block block : StateDict.blocks(away).values()) {
      if (block instanceof BatchNorm norm) {
        norm.freezeStatistics(true);
      }
    }
    try (NDManager scope = manager.newSubManager();
        Autograd off = Autograd.off()) {
      for (Parameter parameter : learned(away).values()) {
        NDArray weight = parameter.getArray();
        weight.addi(scope.randomNormal(weight.getShape()).mul(0.02f));
      }
    }
    return away;
  }

  private static Map<String, Parameter> learned(Backbone backbone) {
    Map<String, Parameter> state = new TreeMap<>(StateDict.of(backbone));
    state.values().removeIf(parameter -> !parameter.requiresGradient());
    return state;
  }

  @Test
  void savedAndLoadedItGivesTheSameMaps(@TempDir Path folder)
      throws IOException, MalformedModelException {
    Path file = folder.resolve("parameters");
    try (NDManager scope = manager.newSubManager()) {
      NDArray image = scope.randomNormal(SQUARE);
      NDList expected = inferred(backbone, image);
      try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        backbone.saveParameters(out);
      }
      Backbone loaded = variant.config().build(0);
      try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        loaded.loadParameters(scope, in);
      }
      assertEquals(values(backbone), values(loaded));
      NDList maps = inferred(loaded, image);
      for (int i = 0; i < maps.size(); i++) { // DJL's weights lie elsewhere, which moves a last bit
        assertTrue(expected.get(i).allClose(maps.get(i), 1e-5, 1e-4, false), "map " + i);
      }
    }
  }

  private static List<NDArray> values(Backbone backbone) {
    return StateDict.of(backbone).values().stream().map(Parameter::getArray).toList();
  }

  @Test
  void anImageThatIsTooSmallIsRefused() {
    NDArray image = manager.zeros(new Shape(1, 3, 31, 64));
    var thrown = assertThrows(IllegalArgumentException.class, () -> inferred(backbone, image));
    assertTrue(thrown.getMessage().startsWith("image is 64 x 31"), thrown.getMessage());
  }

  @Test
  void inferenceLeavesNothingInTheModelsManager() {
    int before = manager.getManagedArrays().size();
    try (NDManager scope = manager.newSubManager()) {
      inferred(backbone, scope.randomNormal(SQUARE));
      assertEquals(5, scope.getManagedArrays().size(), "image and maps");
    }
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void inferenceInAnotherThreadBuildsNoGraph() {
    NDArray image = manager.randomNormal(SQUARE);
    NDList maps = CompletableFuture.supplyAsync(() -> inferred(backbone, image)).join();
    maps.forEach(map -> assertFalse(Autograd.isRecorded(map)));
  }

  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private NDList inferred(Backbone block, NDArray image) {
    try (Autograd off = Autograd.off()) {
      return forward(block, image, false);
    }
  }

  private NDList forward(Backbone block, NDArray image, boolean training) {
    return block.forward(new ParameterStore(manager, false), new NDList(image), training);
  }
}
