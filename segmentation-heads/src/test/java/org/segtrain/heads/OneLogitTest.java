package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.UsageException;

/** One logit for two classes: the same model as with two, of which the first is always 0. */
final class OneLogitTest {

  private static final Shape IMAGES = new Shape(2, 3, 64, 96);
  private static final int NARROW = 16; // times fewer channels than published

  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void seed() {
    manager.getEngine().setRandomSeed(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Scores and gradients of a model in training. */
  private record Trained(NDList scores, Map<String, NDArray> gradients) {}

  @Test
  void theSimplestHeadTrainsAsOneWhoseFirstLogitIsZero() {
    aHeadTrainsAsOneWhoseFirstLogitIsZero(HeadVariant.FPN);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FPN")
  void aHeadTrainsAsOneWhoseFirstLogitIsZero(HeadVariant head) {
    SegmentationModel one = model(head, true);
    SegmentationModel two = model(head, false);
    List<String> classifiers = copied(StateDict.of(one), StateDict.of(two));
    assertEquals(2 * one.lossWeights().size(), classifiers.size(), classifiers::toString);

    NDArray images = noise(IMAGES);
    List<NDArray> seeds = new ArrayList<>();
    one.lossWeights().forEach(unused -> seeds.add(noise(new Shape(2, 2, 16, 24))));
    if (head == HeadVariant.UPERNET) { // its auxiliary head reads a coarser map
      seeds.set(1, noise(new Shape(2, 2, 4, 6)));
    }
    Trained ofOne = train(one, images, seeds);
    Trained ofTwo = train(two, images, seeds);
    for (int i = 0; i < seeds.size(); i++) {
      NDArray scores = ofOne.scores().get(i);
      assertEquals(0, scores.get(":, 0").abs().max().getDouble());
      assertTrue(scores.get(":, 1").abs().min().getDouble() > 0);
      assertClose("scores", ofTwo.scores().get(i), scores);
    }
    ofOne
        .gradients()
        .forEach(
            (name, gradient) -> {
              NDArray wanted = ofTwo.gradients().get(name);
              assertClose(name, classifiers.contains(name) ? wanted.get("1:") : wanted, gradient);
            });
  }

  private NDArray noise(Shape shape) {
    return manager.randomNormal(shape).toType(DataType.FLOAT64, false);
  }

  /** In float64: OCR normalises what few and like objects differ by, which magnifies rounding. */
  private SegmentationModel model(HeadVariant head, boolean oneLogit) {
    var encoder = BackboneVariant.PVT_TINY.config().build(0);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(encoder)
            .setHead(head)
            .setClasses(2)
            .optOneLogit(oneLogit)
            .optFeatures(head.features(encoder.channels()) / NARROW)
            .optDropout(0)
            .build();
    model.initialize(manager, DataType.FLOAT64, IMAGES);
    return model;
  }

  /** Copies weights of one logit into a model of two; the names of those that have one. */
  private static List<String> copied(Map<String, Parameter> from, Map<String, Parameter> to) {
    List<String> classifiers = new ArrayList<>();
    assertEquals(List.copyOf(from.keySet()), List.copyOf(to.keySet()));
    from.forEach(
        (name, parameter) -> {
          NDArray source = parameter.getArray();
          NDArray target = to.get(name).getArray();
          if (source.getShape().equals(target.getShape())) {
            source.copyTo(target);
            return;
          }
          classifiers.add(name);
          assertEquals(1, source.size(0));
          source.zerosLike().concat(source, 0).copyTo(target);
        });
    return classifiers;
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private Trained train(SegmentationModel model, NDArray images, List<NDArray> seeds) {
    Map<String, Parameter> state = new LinkedHashMap<>(StateDict.of(model));
    state.values().removeIf(parameter -> !parameter.requiresGradient());
    try (Autograd on = Autograd.on()) {
      ParameterStore store = new ParameterStore(manager, false);
      NDList scores = model.forward(store, new NDList(images), true);
      List<NDArray> weights = state.values().stream().map(Parameter::getArray).toList();
      List<NDArray> gradients = Autograd.gradients(scores, seeds, weights);
      Map<String, NDArray> named = new LinkedHashMap<>();
      state.keySet().forEach(name -> named.put(name, gradients.get(named.size())));
      return new Trained(scores, named);
    }
  }

  /** A convolution to one channel adds in another order than one to two. */
  private static void assertClose(String name, NDArray wanted, NDArray found) {
    assertEquals(wanted.getShape(), found.getShape(), name);
    double largest = wanted.abs().max().getDouble();
    assertFalse(Double.isNaN(largest), name);
    assertEquals(0, found.sub(wanted).abs().max().getDouble(), 1e-8 * largest + 1e-12, name);
  }

  @Test
  void onlyAPublishedHeadOfTwoClassesHasIt() {
    SegmentationModelBuilder published =
        SegmentationModel.builder().setBackbone("pvt_tiny").setHead("fpn").optOneLogit(true);
    assertEquals(2, published.setClasses(2).build().classes());
    refused(
        published.setClasses(3),
        "one logit tells 2 classes apart, but the model is to have 3; leave optOneLogit out");
    refused(
        published.setHead(
            (channels, classes) ->
                new SegformerHead(
                    channels, 16, SegformerHead.Branch.LINEAR, Classes.of(classes), 0)),
        "one logit is only for a published head; let your own give the scores of 2 classes instead");
  }

  private static void refused(SegmentationModelBuilder builder, String sentence) {
    assertEquals(sentence, assertThrows(UsageException.class, builder::build).getMessage());
  }
}
