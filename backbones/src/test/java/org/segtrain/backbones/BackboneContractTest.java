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
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.nn.StateDict;
import org.segtrain.torchscript.Autograd;

/** What every backbone promises; run over every registered variant. */
class BackboneContractTest {

  private static final Shape SQUARE = new Shape(2, 3, 64, 64);
  private static final Shape ODD = new Shape(1, 3, 70, 101);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void fourMapsHaveTheDeclaredShapes(BackboneVariant variant) {
    Backbone backbone = initialized(variant);
    for (Shape image : List.of(SQUARE, ODD)) {
      Shape[] declared = backbone.getOutputShapes(new Shape[] {image});
      try (NDManager scope = manager.newSubManager()) {
        NDList maps = inferred(backbone, scope.randomNormal(image));
        assertEquals(4, maps.size());
        assertArrayEquals(declared, maps.getShapes());
      }
    }
    String channels = Reference.counts(variant).path("channels").toString();
    assertEquals(channels, backbone.channels().toString().replace(" ", ""));
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void stateIsThatOfTheReference(BackboneVariant variant) {
    Map<String, Parameter> state = StateDict.of(initialized(variant));
    Map<String, String> shapes = new TreeMap<>();
    state.forEach(
        (name, parameter) ->
            shapes.put(name, Arrays.toString(parameter.getArray().getShape().getShape())));
    assertEquals(Reference.state(variant), shapes);
    long learned =
        state.values().stream()
            .filter(Parameter::requiresGradient)
            .mapToLong(parameter -> parameter.getArray().size())
            .sum();
    assertEquals(Reference.counts(variant).path("dense_backbone").longValue(), learned);
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void everyParameterHasAGradient(BackboneVariant variant) {
    Backbone backbone = initialized(variant);
    Map<String, Parameter> state = new TreeMap<>(StateDict.of(backbone));
    state.values().removeIf(parameter -> !parameter.requiresGradient());
    try (NDManager scope = manager.newSubManager();
        Autograd on = Autograd.on()) {
      NDList maps = forward(backbone, scope.randomNormal(SQUARE), true);
      List<NDArray> seeds = new ArrayList<>();
      maps.forEach(map -> seeds.add(scope.randomNormal(map.getShape())));
      List<NDArray> weights = state.values().stream().map(Parameter::getArray).toList();
      List<NDArray> gradients = Autograd.gradients(maps, seeds, weights);
      List<String> names = List.copyOf(state.keySet());
      List<String> without = new ArrayList<>(names);
      without.removeIf(name -> gradients.get(names.indexOf(name)).norm().getFloat() > 0);
      assertEquals(List.of(), without);
    }
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void savedAndLoadedItGivesTheSameMaps(BackboneVariant variant, @TempDir Path folder)
      throws IOException, MalformedModelException {
    Path file = folder.resolve("parameters");
    try (NDManager scope = manager.newSubManager()) {
      Backbone saved = initialized(variant);
      NDArray image = scope.randomNormal(SQUARE);
      NDList expected = inferred(saved, image);
      try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        saved.saveParameters(out);
      }
      saved.clear();
      Backbone loaded = variant.build();
      try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        loaded.loadParameters(manager, in);
      }
      assertEquals(expected, inferred(loaded, image));
    }
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void anImageThatIsTooSmallIsRefused(BackboneVariant variant) {
    Backbone backbone = initialized(variant);
    NDArray image = manager.zeros(new Shape(1, 3, 31, 64));
    var thrown = assertThrows(IllegalArgumentException.class, () -> inferred(backbone, image));
    assertTrue(thrown.getMessage().startsWith("image is 64 x 31"), thrown.getMessage());
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void inferenceLeavesNothingInTheModelsManager(BackboneVariant variant) {
    Backbone backbone = initialized(variant);
    int before = manager.getManagedArrays().size();
    try (NDManager scope = manager.newSubManager()) {
      inferred(backbone, scope.randomNormal(SQUARE));
      assertEquals(5, scope.getManagedArrays().size(), "image and maps");
    }
    assertEquals(before, manager.getManagedArrays().size());
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void inferenceInAnotherThreadBuildsNoGraph(BackboneVariant variant) {
    Backbone backbone = initialized(variant);
    NDArray image = manager.randomNormal(SQUARE);
    NDList maps = CompletableFuture.supplyAsync(() -> inferred(backbone, image)).join();
    maps.forEach(map -> assertFalse(map.hasGradient()));
  }

  private Backbone initialized(BackboneVariant variant) {
    Backbone backbone = variant.config().build(0);
    backbone.initialize(manager, DataType.FLOAT32, SQUARE);
    return backbone;
  }

  @SuppressWarnings("try") // the switch of autograd is not spoken to
  private NDList inferred(Backbone backbone, NDArray image) {
    try (Autograd off = Autograd.off()) {
      return forward(backbone, image, false);
    }
  }

  private NDList forward(Backbone backbone, NDArray image, boolean training) {
    return backbone.forward(new ParameterStore(manager, false), new NDList(image), training);
  }
}
