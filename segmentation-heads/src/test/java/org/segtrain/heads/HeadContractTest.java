package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.nn.StateDict;
import org.segtrain.torchscript.Autograd;

/** What every head promises; run over every registered variant. */
class HeadContractTest {

  private static final Shape SQUARE = new Shape(2, 3, 64, 64);
  private static final Shape ODD = new Shape(1, 3, 70, 101);
  private static final int FEW = 7; // classes

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @EnumSource(HeadVariant.class)
  void scoresAreAQuarterOfTheImage(HeadVariant head) {
    SegmentationModel model = initialized(BackboneVariant.PVT_TINY, head, FEW);
    for (Shape image : List.of(SQUARE, ODD)) {
      Shape quarter = new Shape(image.get(0), FEW, image.get(2) / 4, image.get(3) / 4);
      assertArrayEquals(new Shape[] {quarter}, model.getOutputShapes(new Shape[] {image}));
      assertArrayEquals(new Shape[] {quarter}, forward(model, image, false).getShapes());
    }
  }

  @ParameterizedTest
  @EnumSource(HeadVariant.class)
  void trainingAddsTheScoresOfTheAuxiliaryHeads(HeadVariant head) {
    SegmentationModel model = initialized(BackboneVariant.PVT_TINY, head, FEW);
    NDList scores = forward(model, SQUARE, true);
    assertEquals(model.lossWeights().size(), scores.size());
    scores.forEach(one -> assertEquals(FEW, one.size(1)));
  }

  @ParameterizedTest
  @CsvSource("PVT_SMALL, FPN")
  void stateIsThatOfTheReference(BackboneVariant backbone, HeadVariant head) {
    Map<String, String> shapes = new TreeMap<>();
    beside(initialized(backbone, head, Reference.CLASSES))
        .forEach(
            (name, parameter) ->
                shapes.put(name, Arrays.toString(parameter.getArray().getShape().getShape())));
    assertEquals(Reference.state(backbone, head), shapes);
  }

  @ParameterizedTest
  @MethodSource("models")
  void parametersAreAsManyAsTheReferenceHas(BackboneVariant backbone, HeadVariant head) {
    SegmentationModel model = initialized(backbone, head, Reference.CLASSES);
    Map<String, Long> counts = new TreeMap<>();
    beside(model)
        .forEach(
            (name, parameter) -> {
              if (parameter.requiresGradient()) {
                String part = name.substring(0, name.indexOf('.'));
                counts.merge(part, parameter.getArray().size(), Long::sum);
              }
            });
    Map<String, Long> expected = new TreeMap<>();
    Reference.counts(backbone, head)
        .properties()
        .forEach(part -> expected.put(part.getKey(), part.getValue().longValue()));
    expected.remove("total_with_backbone");
    assertEquals(expected, counts);
  }

  static Stream<Arguments> models() {
    return Arrays.stream(BackboneVariant.values())
        .flatMap(one -> Arrays.stream(HeadVariant.values()).map(two -> Arguments.of(one, two)));
  }

  @ParameterizedTest
  @EnumSource(HeadVariant.class)
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void everyParameterHasAGradient(HeadVariant head) {
    SegmentationModel model = initialized(BackboneVariant.PVT_TINY, head, FEW);
    Map<String, Parameter> state = new LinkedHashMap<>(StateDict.of(model));
    state.values().removeIf(parameter -> !parameter.requiresGradient());
    try (Autograd on = Autograd.on()) {
      NDList scores = forward(model, SQUARE, true);
      List<NDArray> seeds = new ArrayList<>();
      scores.forEach(one -> seeds.add(manager.randomNormal(one.getShape())));
      List<NDArray> weights = state.values().stream().map(Parameter::getArray).toList();
      List<NDArray> gradients = Autograd.gradients(scores, seeds, weights);
      List<String> names = List.copyOf(state.keySet());
      List<String> without = new ArrayList<>(names);
      without.removeIf(name -> gradients.get(names.indexOf(name)).norm().getFloat() > 0);
      assertEquals(List.of(), without);
    }
  }

  /** The parameters and statistics of all but the backbone. */
  private static Map<String, Parameter> beside(SegmentationModel model) {
    Map<String, Parameter> state = new LinkedHashMap<>(StateDict.of(model));
    state.keySet().removeIf(name -> name.startsWith("backbone."));
    return state;
  }

  private SegmentationModel initialized(BackboneVariant backbone, HeadVariant head, int classes) {
    SegmentationModel model = SegmentationModel.of(backbone, head, classes, Regularization.NONE);
    model.initialize(manager, DataType.FLOAT32, SQUARE);
    return model;
  }

  private NDList forward(SegmentationModel model, Shape image, boolean training) {
    NDArray noise = manager.randomNormal(image);
    return model.forward(new ParameterStore(manager, false), new NDList(noise), training);
  }
}
