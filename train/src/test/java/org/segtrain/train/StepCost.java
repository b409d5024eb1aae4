package org.segtrain.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.data.Batch;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.StateDict;
import org.segtrain.torchscript.Aten;
import org.segtrain.torchscript.Autograd;

/**
 * Measures PVT-Small on two images of 512 x 512: time of a step and peak memory of the process. Not
 * part of the tests; each measurement needs a process of its own:
 *
 * <pre>mvn -pl train -am test -Dtest=StepCost#backboneInFp32
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
final class StepCost {

  private static final int SIDE = 512;
  private static final int BATCH = 2;
  private static final int CLASSES = 150;
  private static final int STEPS = 8;
  private static final Resources RESOURCES = Resources.start("cpu", 2, 1);

  @Test
  void backboneInFp32() {
    backbone(Precision.FP32);
  }

  @Test
  void backboneInBf16() {
    backbone(Precision.BF16);
  }

  @Test
  void modelInFp32() {
    model(Precision.FP32);
  }

  @Test
  void modelInBf16() {
    model(Precision.BF16);
  }

  /** Forward and backward through the backbone alone. */
  private static void backbone(Precision precision) {
    try (NDManager manager = NDManager.newBaseManager(RESOURCES.device(), "PyTorch")) {
      Backbone backbone = BackboneVariant.PVT_SMALL.build();
      backbone.initialize(manager, DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
      List<NDArray> weights =
          StateDict.of(backbone).values().stream().map(Parameter::getArray).toList();
      Inputs inputs = new Inputs(precision);
      report("backbone", precision, () -> pass(manager, backbone, weights, inputs, precision));
    }
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private static void pass(
      NDManager manager,
      Block backbone,
      List<NDArray> weights,
      Inputs inputs,
      Precision precision) {
    try (NDManager scope = manager.newSubManager();
        Autograd on = Autograd.on()) {
      ParameterStore parameters =
          precision == Precision.BF16
              ? new Bfloat16Parameters(backbone, scope)
              : new ParameterStore(scope, false);
      NDList maps = backbone.forward(parameters, new NDList(inputs.images(scope, batch())), true);
      List<NDArray> exact = maps.stream().map(Aten::toFloat32).toList();
      List<NDArray> ones = exact.stream().map(NDArray::onesLike).toList();
      Autograd.gradients(exact, ones, weights);
    }
  }

  /** A whole training step: model of 150 classes, loss, backward, clip, AdamW. */
  private static void model(Precision precision) {
    TrainConfig own =
        TinyRuns.config(
            "{\"backbone\": \"pvt_small\", \"crop\": %d, \"precision\": \"%s\"}"
                .formatted(SIDE, precision));
    try (NDManager manager = NDManager.newBaseManager(RESOURCES.device(), "PyTorch")) {
      SegmentationModel model = TrainedModel.build(own, CLASSES, manager);
      AdamW optimizer = new AdamW(manager, StateDict.of(model), own.groups(), own.weightDecay());
      TrainingStep step = new TrainingStep(own, model, optimizer, ClassWeights.equal(CLASSES));
      List<Batch> batches = List.of(batch());
      report("model", precision, () -> step.make(manager, batches, 0, 1e-4));
    }
  }

  private static Batch batch() {
    byte[] images = new byte[BATCH * SIDE * SIDE * 3];
    new Random(0).nextBytes(images);
    byte[] labels = new byte[BATCH * SIDE * SIDE];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i / SIDE % CLASSES);
    }
    return new Batch(BATCH, SIDE, SIDE, images, labels, Collections.nCopies(BATCH, "noise"));
  }

  private static void report(String what, Precision precision, Runnable step) {
    double[] milliseconds = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      long start = System.nanoTime();
      step.run();
      milliseconds[i] = (System.nanoTime() - start) / 1e6;
    }
    double[] warm = Arrays.copyOfRange(milliseconds, 2, STEPS);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %.0f ms a step (%.0f-%.0f), peak resident memory %d MB%n",
        what,
        precision,
        warm[warm.length / 2],
        warm[0],
        warm[warm.length - 1],
        ResidentMemory.peak().orElse(0) >> 20);
  }
}
