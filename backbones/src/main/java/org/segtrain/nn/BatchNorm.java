package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;

/**
 * Batch normalisation over the second axis, {@code B C H W -> B C H W}, as PyTorch does it: epsilon
 * 1e-5, momentum 0.1, unbiased running variance. Ioffe and Szegedy (arXiv:1502.03167).
 *
 * <p>Unlike DJL's own block it counts its batches, as PyTorch's state dict does, its statistics can
 * be frozen, and it can normalise over the batches of several processes.
 */
public final class BatchNorm extends AbstractBlock {

  private static final float EPSILON = 1e-5f;

  /** The share of a batch in the running statistics. */
  public static final double MOMENTUM = 0.1;

  private static final float KEPT = (float) (1 - MOMENTUM); // which DJL calls momentum

  private static final int[] AXES_OF_PROCESSES = {0};

  private final Parameter weight;
  private final Parameter bias;
  private final Parameter runningMean;
  private final Parameter runningVar;
  private final Parameter batches; // int64
  private boolean frozen;
  private UnaryOperator<NDArray> gathered; // null for the batch of this process alone

  /**
   * Normalises maps of {@code channels} channels.
   *
   * @param channels C
   */
  public BatchNorm(int channels) {
    weight = channelwise("weight", Parameter.Type.GAMMA, channels);
    bias = channelwise("bias", Parameter.Type.BETA, channels);
    runningMean = channelwise("running_mean", Parameter.Type.RUNNING_MEAN, channels);
    runningVar = channelwise("running_var", Parameter.Type.RUNNING_VAR, channels);
    batches = statistic("num_batches_tracked", (manager, shape, type) -> manager.create(0L));
  }

  /** Whether training passes normalise with the running statistics and don't update them. */
  public void freezeStatistics(boolean freeze) {
    frozen = freeze;
  }

  /** Whether training passes update the running statistics. */
  public boolean updatesStatistics() {
    return !frozen;
  }

  /**
   * Makes training passes normalise over the batches of all processes, which must be of one size
   * (synchronised batch normalisation).
   *
   * @param gathered puts the arrays of all processes behind each other, {@code 1 * -> N *},
   *     differentiable; null for the batch of this process alone
   */
  public void synchronize(UnaryOperator<NDArray> gathered) {
    this.gathered = gathered;
  }

  /** The running mean and variance. */
  public List<Parameter> runningStatistics() {
    return List.of(runningMean, runningVar);
  }

  /** The number of batches that the statistics have seen, int64. */
  public Parameter batches() {
    return batches;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> unused) {
    Pass pass = new Pass(parameters, training);
    NDArray x = inputs.singletonOrThrow();
    boolean ofBatch = countsBatch(pass, x);
    if (ofBatch && gathered != null) {
      return new NDList(overAll(pass, x));
    }
    return x.getNDArrayInternal()
        .batchNorm(
            x,
            pass.operand(runningMean, x),
            pass.operand(runningVar, x),
            pass.operand(weight, x),
            pass.operand(bias, x),
            1,
            KEPT,
            EPSILON,
            ofBatch);
  }

  /** Whether the pass normalises with the statistics of the batch, which is then counted. */
  private boolean countsBatch(Pass pass, NDArray x) {
    boolean ofBatch = pass.training() && !frozen;
    if (ofBatch) {
      ArrayLists.add(List.of(pass.value(batches, x)), 1);
    }
    return ofBatch;
  }

  /**
   * {@code conv} of the exact GELU of normalised {@code x}, {@code B C H W -> B out H W}. The
   * backward pass recomputes what lies in between if the pass {@link Pass#fuses}.
   *
   * @param conv of stride one, which keeps height and width, with a bias
   */
  public NDArray geluInto(Pass pass, NDArray x, Conv2d conv) {
    if (gathered != null || !pass.fuses(x, this, conv)) {
      return pass.through(conv, Activation.gelu(pass.through(this, x)));
    }
    NDList norm = new NDList();
    for (Parameter parameter : List.of(weight, bias, runningMean, runningVar)) {
      norm.add(pass.operand(parameter, x));
    }
    return Aten.normGeluConvolution(
        x, norm, countsBatch(pass, x), MOMENTUM, EPSILON, pass.weightAndBias(conv, x));
  }

  /** Normalises with the mean and variance of the batches of all processes, in float32. */
  private NDArray overAll(Pass pass, NDArray x) { // B C H W
    NDArray exact = Aten.toFloat32(x);
    NDArray ownMean = Aten.call("torch.mean($0, [0, 2, 3])", exact); // C
    NDArray ownVar = Aten.call("torch.var($0, [0, 2, 3], False)", exact); // C, biased
    NDArray all =
        gathered.apply(NDArrays.stack(new NDList(ownMean, ownVar)).expandDims(0)); // N 2 C
    NDArray means = all.get(new NDIndex(":, 0")); // N C
    NDArray mean = means.mean(AXES_OF_PROCESSES); // C
    NDArray between = means.sub(mean);
    NDArray var = all.get(new NDIndex(":, 1")).add(between.mul(between)).mean(AXES_OF_PROCESSES);
    update(pass, x, mean, var, all.size(0) * x.size() / x.size(1));
    NDArray narrow = Aten.call("torch.add($0, $1)", var, EPSILON);
    NDArray scale = Aten.call("torch.rsqrt($0)", narrow).mul(pass.operand(weight, x)); // C
    NDArray shift = mean.neg().mul(scale).add(pass.operand(bias, x)); // C
    NDArray y = Aten.addProduct(channels(shift), exact, channels(scale)); // B C H W
    return Aten.isBfloat16(x) ? Aten.toBfloat16(y) : y;
  }

  private void update(Pass pass, NDArray x, NDArray mean, NDArray var, long values) {
    double unbiased = values / (values - 1.0);
    follow(pass.value(runningMean, x), mean.stopGradient());
    follow(pass.value(runningVar, x), Aten.scaled(var.stopGradient(), unbiased));
  }

  /** Moves a running statistic towards that of a batch, in place. */
  private static void follow(NDArray running, NDArray ofBatch) {
    Aten.call("torch.lerp_($0, $1, $2)", running, ofBatch, MOMENTUM).close();
  }

  private static NDArray channels(NDArray x) { // C -> 1 C 1 1
    return x.reshape(1, -1, 1, 1);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return inputs;
  }

  private Parameter channelwise(String name, Parameter.Type type, int channels) {
    boolean learned = type == Parameter.Type.GAMMA || type == Parameter.Type.BETA;
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(type)
            .optShape(new Shape(channels))
            .optRequiresGrad(learned)
            .build());
  }

  private Parameter statistic(String name, Initializer initializer) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optShape(new Shape())
            .optInitializer(initializer)
            .optRequiresGrad(false)
            .build());
  }
}
