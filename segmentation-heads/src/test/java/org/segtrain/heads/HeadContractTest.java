package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;

/** What every head promises; run over every registered variant. */
class HeadContractTest {

  private static final Shape EVEN = new Shape(2, 3, 64, 96);
  private static final Shape ODD = new Shape(1, 3, 71, 101);
  private static final int FEW = 7; // classes
  private static final int NARROW = 16; // times fewer channels than published

  /** Of those of the published backbones. */
  private static final List<Integer> FIRST = Reference.channels(Reference.backbones().get(0));

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("smallestBackbonesAndHeads")
  void aModelGivesTheScoresItDeclares(BackboneVariant backbone, HeadVariant head) {
    givesTheScoresItDeclares(backbone.config().build(0), head);
  }

  @ParameterizedTest
  @EnumSource(HeadVariant.class)
  void aHeadOnTheFirstChannelsGivesTheScoresItDeclares(HeadVariant head) {
    givesTheScoresItDeclares(new NoiseBackbone(FIRST), head);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("channelsAndHeads")
  void aHeadGivesTheScoresItDeclares(List<Integer> channels, HeadVariant head) {
    givesTheScoresItDeclares(new NoiseBackbone(channels), head);
  }

  private void givesTheScoresItDeclares(Backbone backbone, HeadVariant head) {
    SegmentationModel model = narrow(backbone, head);
    Shape[] declared = model.getOutputShapes(new Shape[] {ODD});
    assertEquals(FEW, declared[0].get(1));
    assertArrayEquals(declared, forward(model, ODD, false).getShapes());

    Shape quarter = new Shape(EVEN.get(0), FEW, EVEN.get(2) / 4, EVEN.get(3) / 4);
    assertArrayEquals(new Shape[] {quarter}, model.getOutputShapes(new Shape[] {EVEN}));
    NDList scores = forward(model, EVEN, true);
    assertEquals(model.lossWeights().size(), scores.size());
    assertEquals(quarter, scores.head().getShape());
    scores.forEach(
        one -> {
          assertEquals(FEW, one.size(1));
          assertFalse(one.isNaN().any().getBoolean());
        });
  }

  static List<Arguments> smallestBackbonesAndHeads() {
    Map<Class<?>, BackboneVariant> families = new LinkedHashMap<>();
    for (BackboneVariant variant : BackboneVariant.values()) { // the smallest is the first
      families.putIfAbsent(variant.config().getClass(), variant);
    }
    return withHeads(families.values());
  }

  static List<Arguments> channelsAndHeads() {
    Set<List<Integer>> others =
        Reference.backbones().stream().map(Reference::channels).collect(Collectors.toSet());
    others.remove(FIRST);
    return withHeads(others);
  }

  private static List<Arguments> withHeads(Collection<?> backbones) {
    return backbones.stream()
        .flatMap(one -> Arrays.stream(HeadVariant.values()).map(two -> Arguments.of(one, two)))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "pvt_small, FPN",
    "shunted_small, FPN",
    "shunted_small, UPERNET",
    "mpvit_small, UPERNET",
    "hrvit_b1, UPERNET",
    "hrvit_b1, SEGFORMER",
    "hrvit_b1, SEGFORMER_MMSEG",
    "hrformer_small, OCR",
    "hrformer_small, OCR_MMSEG"
  })
  void stateIsThatOfTheReference(String backbone, HeadVariant head) {
    Map<String, String> shapes = new TreeMap<>();
    head(backbone, head)
        .forEach(
            (name, parameter) ->
                shapes.put(name, Arrays.toString(parameter.getArray().getShape().getShape())));
    assertEquals(Reference.state(backbone, head), shapes);
  }

  @ParameterizedTest
  @MethodSource("countedModels")
  void parametersAreAsManyAsTheReferenceHas(String backbone, HeadVariant head) {
    Map<String, Long> counts =
        head(backbone, head).entrySet().stream()
            .filter(entry -> entry.getValue().requiresGradient())
            .collect(
                Collectors.groupingBy(
                    entry -> entry.getKey().substring(0, entry.getKey().indexOf('.')),
                    TreeMap::new,
                    Collectors.summingLong(entry -> entry.getValue().getArray().size())));
    assertEquals(Reference.counts(backbone, head), counts);
  }

  static Stream<Arguments> countedModels() {
    return withHeads(Reference.backbones()).stream()
        .filter(
            one -> !Reference.counts((String) one.get()[0], (HeadVariant) one.get()[1]).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(HeadVariant.class)
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void everyParameterHasAGradient(HeadVariant head) {
    SegmentationModel model = narrow(BackboneVariant.PVT_TINY.config().build(0), head);
    Map<String, Parameter> state = new LinkedHashMap<>(StateDict.of(model));
    state.values().removeIf(parameter -> !parameter.requiresGradient());
    try (Autograd on = Autograd.on()) {
      NDList scores = forward(model, EVEN, true);
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

  /** The parameters and statistics of all heads of a model on maps like those of a backbone. */
  private Map<String, Parameter> head(String backbone, HeadVariant head) {
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(new NoiseBackbone(Reference.channels(backbone)))
            .setHead(head)
            .setClasses(Reference.CLASSES)
            .build();
    model.setInitializer(Initializer.ZEROS, Parameter::requiresGradient); // only shapes are asked
    model.initialize(manager, DataType.FLOAT32, EVEN);
    return StateDict.of(model);
  }

  /** A model whose head has few channels: what it is tested for holds for any number of them. */
  private SegmentationModel narrow(Backbone backbone, HeadVariant head) {
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(FEW)
            .optFeatures(head.features(backbone.channels()) / NARROW)
            .optDropout(0)
            .build();
    model.initialize(manager, DataType.FLOAT32, EVEN);
    return model;
  }

  private NDList forward(SegmentationModel model, Shape image, boolean training) {
    NDArray noise = manager.randomNormal(image);
    return model.forward(new ParameterStore(manager, false), new NDList(noise), training);
  }
}
