package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;

/**
 * Batch normalisation over the second axis, {@code B C H W -> B C H W}, as PyTorch does it: epsilon
 * 1e-5, momentum 0.1, unbiased running variance. Ioffe and Szegedy (arXiv:1502.03167).
 *
 * <p>Unlike DJL's own block it counts its batches, as PyTorch's state dict does, and its statistics
 * can be frozen.
 */
public final class BatchNorm extends AbstractBlock {

  private static final float EPSILON = 1e-5f;
  private static final float KEPT = 0.9f; // of the old statistics: 1 - PyTorch's momentum

  private final Parameter weight;
  private final Parameter bias;
  private final Parameter runningMean;
  private final Parameter runningVar;
  private final Parameter batches; // int64
  private boolean frozen;

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

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> unused) {
    Pass pass = new Pass(parameters, training);
    NDArray x = inputs.singletonOrThrow();
    boolean ofBatch = training && !frozen;
    if (ofBatch) {
      pass.value(batches, x).addi(1);
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
