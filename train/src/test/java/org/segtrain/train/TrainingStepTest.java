package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Sample;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Trace;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.internal.Network;
import org.segtrain.loss.LossMean;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.optim.internal.AdamW;

final class TrainingStepTest {

  private static final TrainConfig CONFIG = TinyRuns.config("{\"dropPath\": 0, \"dropout\": 0}");
  private static final int SIDE = CONFIG.data().crop().height();

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  /** Statistics of batch norm are those of the pictures: equal in either half and in the whole. */
  @Test
  void accumulatingTwoBatchesIsTheStepOfBothTogether() {
    Batch first = TinyData.batch(SIDE, 1, 2);
    Batch second = mostlyVoid(first);
    Stepped halves = step(CONFIG, List.of(first, second));
    Stepped whole = step(CONFIG, List.of(together(first, second)));
    assertEquals(whole.result().loss(), halves.result().loss(), 1e-5);
    assertEquals(
        whole.result().gradientNorm(),
        halves.result().gradientNorm(),
        1e-4 * whole.result().gradientNorm());
    double difference = 0;
    double size = 0;
    for (String name : whole.means().keySet()) {
      float[] expected = whole.means().get(name);
      float[] found = halves.means().get(name);
      for (int i = 0; i < expected.length; i++) {
        difference += Math.pow(expected[i] - found[i], 2);
        size += Math.pow(expected[i], 2);
      }
    }
    assertTrue(size > 0);
    assertTrue(Math.sqrt(difference / size) < 1e-3, "relative " + Math.sqrt(difference / size));
  }

  @Test
  void theGradientIsClippedToItsGlobalNorm() {
    TrainConfig tight = TinyRuns.config("{\"clip\": 0.25, \"dropPath\": 0, \"dropout\": 0}");
    Stepped stepped = step(tight, List.of(TinyData.batch(SIDE, 1, 2)));
    double squares = 0;
    for (float[] mean : stepped.means().values()) { // a tenth of the gradient
      for (float value : mean) {
        squares += 100.0 * value * value;
      }
    }
    assertTrue(stepped.result().gradientNorm() > 0.25);
    assertEquals(0.25, Math.sqrt(squares), 1e-4);
  }

  /** Such operations make a GPU wait for the host; the step itself reads its numbers once. */
  @ParameterizedTest
  @ValueSource(strings = {"ce", "focal+boundary", "dice+tversky"})
  void noOperationOfAStepReadsBack(String terms) {
    TrainConfig config = CONFIG.with("loss.terms", terms);
    List<Batch> batches = List.of(TinyData.batch(SIDE, 1, 2), TinyData.batch(SIDE, 2, 2));
    List<String> all =
        Trace.of(() -> step(config, batches)).stream().map(Trace.Operation::name).toList();
    int norm = all.lastIndexOf("aten::_foreach_norm"); // AdamW's kernel for the CPU reads its steps
    assertTrue(norm > 1000, all.toString());
    Set<String> names = new TreeSet<>(all.subList(0, norm));
    names.retainAll(
        Set.of(
            "aten::item",
            "aten::_local_scalar_dense",
            "aten::is_nonzero",
            "aten::nonzero",
            "aten::masked_select",
            "aten::equal"));
    assertEquals(Set.of(), names);
  }

  @Test
  void aStepSmoothsTheLabelsAsItsConfigurationSays() {
    Batch batch = TinyData.batch(SIDE, 1, 2);
    double plain = step(CONFIG, List.of(batch)).result().loss();
    double smoothed = step(CONFIG.with("loss.labelSmoothing", 0.5), List.of(batch)).result().loss();
    assertNotEquals(plain, smoothed, 1e-4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce", "ohem", "focal+boundary", "dice+tversky", "ce+lovasz(per=batch)"})
  void aStepWithoutASinglePixelToLearnFromIsFinite(String terms) {
    Batch batch = TinyData.batch(SIDE, 1, 2);
    byte[] labels = batch.labels().clone();
    Arrays.fill(labels, (byte) Sample.VOID);
    Batch blank = new Batch(2, SIDE, SIDE, batch.images(), labels, batch.files());
    Stepped stepped = step(CONFIG.with("loss.terms", terms), List.of(blank));
    assertEquals(new TrainingStep.Result(List.of(0.0), 0), stepped.result());
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"ce,,VALID", "ce,,ALL", "ohem,ce,VALID", "ohem,,ALL"})
  void theLossOfAnAuxiliaryHeadIsAddedByItsWeight(String terms, String auxiliary, LossMean mean) {
    TrainConfig config =
        TinyRuns.config(
                "{\"head\": \"ocr\", \"dropPath\": 0, \"dropout\": 0, \"lossMean\": \"%s\"}"
                    .formatted(mean))
            .with("loss.terms", terms)
            .with("loss.auxiliary", Objects.requireNonNullElse(auxiliary, ""));
    TrainingStep.Result result = step(config, List.of(TinyData.batch(SIDE, 1, 2))).result();
    assertEquals(2, result.losses().size());
    // at first all of three classes are about as probable
    assertEquals(Math.log(3), result.losses().get(0), 0.5);
    assertEquals(0.4 * Math.log(3), result.losses().get(1), 0.2);
    assertEquals(result.losses().get(0) + result.losses().get(1), result.loss());
  }

  @Tag("slow")
  @Test
  void anAuxiliaryHeadMayHaveALossOfItsOwn() {
    TrainConfig same = TinyRuns.config("{\"head\": \"ocr\", \"dropPath\": 0, \"dropout\": 0}");
    List<Batch> batches = List.of(TinyData.batch(SIDE, 1, 2));
    List<Double> one = step(same, batches).result().losses();
    List<Double> other =
        step(same.with("loss.auxiliary", "0.5*tversky"), batches).result().losses();
    assertEquals(one.get(0), other.get(0));
    assertTrue(other.get(1) > 0 && other.get(1) < 0.4 * 0.5, other::toString); // by its weight 0.4
  }

  /** The same batch twice, so that the mean of its losses is the loss of one. */
  @ParameterizedTest
  @ValueSource(strings = {"dice", "lovasz(per=batch)", "ohem(kept=100)", "ce+tversky(per=batch)"})
  void accumulatedPassesShareTheLossOfTheStep(String terms) {
    TrainConfig config = CONFIG.with("loss.terms", terms);
    Batch batch = TinyData.batch(SIDE, 1, 2);
    TrainingStep.Result one = step(config, List.of(batch)).result();
    TrainingStep.Result two = step(config, List.of(batch, batch)).result();
    assertTrue(one.loss() > 0);
    assertEquals(one.loss(), two.loss(), 1e-5);
    assertEquals(one.gradientNorm(), two.gradientNorm(), 1e-4 * one.gradientNorm());
  }

  @Test
  void aMeanOverAllPixelsIsThatOverTheValidOnesTimesTheirShare() {
    List<Batch> batches = List.of(mostlyVoid(TinyData.batch(SIDE, 1, 2)));
    double valid = step(CONFIG, batches).result().loss();
    byte[] labels = batches.get(0).labels();
    double pixels = 0;
    for (byte label : labels) {
      pixels += Byte.toUnsignedInt(label) == Sample.VOID ? 0 : 1;
    }
    TrainConfig all = TinyRuns.config("{\"lossMean\": \"all\", \"dropPath\": 0, \"dropout\": 0}");
    assertEquals(valid * pixels / labels.length, step(all, batches).result().loss(), 1e-6);
  }

  @Test
  void aStepThatIsNoNumberNamesItselfAndChangesNoWeight() {
    SegmentationModel model = TinyRuns.build(CONFIG, 3, manager);
    Map<String, Parameter> parameters = StateDict.of(model);
    AdamW optimizer =
        new AdamW(
            manager, parameters, CONFIG.optimizer().groups(), CONFIG.optimizer().weightDecay());
    parameters.get("decode_head.conv_seg.bias").getArray().addi(Float.NaN);
    Map<String, float[]> before = learnt(parameters);
    TrainingStep step =
        new TrainingStep(
            manager,
            CONFIG,
            Network.of(model),
            optimizer,
            ClassWeights.equal(3),
            TinyRuns.passes(2));
    List<Batch> batches = List.of(TinyData.batch(SIDE, 5, 6), TinyData.batch(SIDE, 8, 9));
    String message =
        assertThrows(DivergedException.class, () -> step.make(manager, batches, 41, 0.125))
            .getMessage();
    for (String part :
        List.of("step 42", "0.125", "NaN", "picture-5.png, picture-6.png, picture-8.png")) {
      assertTrue(message.contains(part), message);
    }
    assertFalse(message.contains("\n"), message);
    Map<String, float[]> after = learnt(parameters);
    before.forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
    optimizer.moments().values().forEach(m -> assertEquals(0, m.abs().sum().getFloat()));
  }

  @Test
  void aStepLeavesNothingInTheManager() {
    SegmentationModel model = TinyRuns.build(CONFIG, 3, manager);
    AdamW optimizer =
        new AdamW(
            manager,
            StateDict.of(model),
            CONFIG.optimizer().groups(),
            CONFIG.optimizer().weightDecay());
    TrainingStep step =
        new TrainingStep(
            manager,
            CONFIG,
            Network.of(model),
            optimizer,
            ClassWeights.equal(3),
            TinyRuns.passes(2));
    List<Batch> batches = List.of(TinyData.batch(SIDE, 1, 2), TinyData.batch(SIDE, 3, 4));
    step.make(manager, batches, 0, 1e-4);
    int before = manager.getManagedArrays().size();
    step.make(manager, batches, 1, 1e-4);
    assertEquals(before, manager.getManagedArrays().size());
  }

  /** What a step gave, and the optimiser's first moments after it. */
  private record Stepped(TrainingStep.Result result, Map<String, float[]> means) {}

  private Stepped step(TrainConfig config, List<Batch> batches) {
    try (NDManager own = manager.newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(1);
      SegmentationModel model = TinyRuns.build(config, 3, own);
      AdamW optimizer =
          new AdamW(
              own,
              StateDict.of(model),
              config.optimizer().groups(),
              config.optimizer().weightDecay());
      var result =
          new TrainingStep(
                  manager,
                  config,
                  Network.of(model),
                  optimizer,
                  ClassWeights.equal(3),
                  TinyRuns.passes(batches.size()))
              .make(own, batches, 0, 1e-4);
      Map<String, float[]> means = new LinkedHashMap<>();
      for (Map.Entry<String, NDArray> moment : optimizer.moments().entrySet()) {
        if (moment.getKey().startsWith("mean.")) {
          means.put(moment.getKey(), moment.getValue().toFloatArray());
        }
      }
      return new Stepped(result, means);
    }
  }

  private static Map<String, float[]> learnt(Map<String, Parameter> parameters) {
    Map<String, float[]> values = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGradient()) {
            values.put(name, parameter.getArray().toFloatArray());
          }
        });
    return values;
  }

  private static Batch mostlyVoid(Batch batch) {
    byte[] labels = batch.labels().clone();
    Arrays.fill(labels, labels.length / 8, labels.length, (byte) Sample.VOID);
    return new Batch(
        batch.size(), batch.height(), batch.width(), batch.images(), labels, batch.files());
  }

  private static Batch together(Batch one, Batch two) {
    return new Batch(
        one.size() + two.size(),
        one.height(),
        one.width(),
        joined(one.images(), two.images()),
        joined(one.labels(), two.labels()),
        List.of("a", "b", "c", "d"));
  }

  private static byte[] joined(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }
}
