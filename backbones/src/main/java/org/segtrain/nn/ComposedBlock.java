package org.segtrain.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.RandomNumbers;

/**
 * A block made of other blocks, whose channel counts are all known when it is built.
 *
 * <p>A layer of DJL is declared together with the shape it reads, where -1 stands for an axis its
 * parameters do not depend on (batch, height, width). That is all DJL needs to create the
 * parameters, so subclasses never override {@code initializeChildBlocks}, and no block ever learns
 * the image size.
 *
 * <p>Each forward pass of a block has a scope: what it computes on the way is freed when it
 * returns.
 */
public abstract class ComposedBlock extends AbstractBlock implements StateDict.Repeating {

  /** What a child is among the layers of a network. */
  enum Role {
    PART,
    STEM,
    LAYER,
    BRANCH
  }

  /** A child with the shape it reads. */
  record Child(Block block, Shape input, Role role) {}

  private static final Shape UNKNOWN = new Shape(-1, -1, -1, -1);

  private final List<Child> declared = new ArrayList<>();
  private final Map<String, Block> repeats = new LinkedHashMap<>();

  /** Computes the outputs for {@code inputs}. */
  protected abstract NDList forward(Pass pass, NDList inputs);

  /**
   * Adds {@code block} as a child.
   *
   * @param name its place in the names of the state dict ({@link StateDict}); may contain dots, and
   *     a child of the empty name adds no level
   */
  protected final <B extends ComposedBlock> B child(String name, B block) {
    return child(name, block, Role.PART);
  }

  /** Adds {@code block} as a child that is one layer of the network: {@link LayerNames}. */
  protected final <B extends ComposedBlock> B layer(String name, B block) {
    return child(name, block, Role.LAYER);
  }

  /**
   * Adds {@code block} as a child that runs beside the other branches declared next to it, so that
   * their layers are as deep as its own.
   */
  protected final <B extends ComposedBlock> B branch(String name, B block) {
    return child(name, block, Role.BRANCH);
  }

  /**
   * Adds {@code block} as the stem of a network. In a network without one, the stem is what is
   * declared before the first layer.
   */
  protected final <B extends ComposedBlock> B stem(String name, B block) {
    return child(name, block, Role.STEM);
  }

  private <B extends ComposedBlock> B child(String name, B block, Role role) {
    declared.add(new Child(addChildBlock(name, block), UNKNOWN, role)); // its children know theirs
    return block;
  }

  /** The children in the order in which they were declared. */
  final List<Child> declared() {
    return Collections.unmodifiableList(declared);
  }

  /**
   * Lets the state dict list a child once more, as PyTorch does with a module that has several
   * owners: {@link StateDict#repeats}.
   *
   * @param name the other name, seen from this block; may contain dots
   * @param block a descendant of this block
   */
  protected final void repeat(String name, ComposedBlock block) {
    repeats.put(name, block);
  }

  @Override
  public final Map<String, Block> repeats() {
    return Collections.unmodifiableMap(repeats);
  }

  private <B extends Block> B child(String name, B block, Shape input) {
    declared.add(new Child(addChildBlock(name, block), input, Role.PART));
    return block;
  }

  /** {@code B H W C}, channels last: what blocks of a backbone pass to each other. */
  private static Shape channelsLast(int channels) {
    return new Shape(-1, -1, -1, channels);
  }

  /** {@code B C H W}, channels first: what convolutions and heads read. */
  private static Shape channelsFirst(int channels) {
    return new Shape(-1, channels, -1, -1);
  }

  /** {@code * in -> * out}, weights from {@link Initializers#truncatedNormal}. */
  protected final Linear linear(String name, int in, int out) {
    Linear linear = Linear.builder().setUnits(out).build();
    linear.setInitializer(Initializers.truncatedNormal(), Parameter.Type.WEIGHT);
    return child(name, linear, channelsLast(in));
  }

  /** {@code * in -> * out}, weights and biases from PyTorch's default distribution. */
  protected final Linear linearOfTorch(String name, int in, int out) {
    Linear linear = linear(name, in, out);
    linear.setInitializer(Initializers.linearDefault(in), Parameter.Type.WEIGHT);
    linear.setInitializer(Initializers.linearDefault(in), Parameter.Type.BIAS);
    return linear;
  }

  /** {@code * dim -> * dim}. */
  protected final LayerNorm layerNorm(String name, int dim, float epsilon) {
    return child(name, LayerNorm.builder().axis(3).optEpsilon(epsilon).build(), channelsLast(dim));
  }

  /** {@code B dim H W -> B dim H W}. */
  protected final BatchNorm batchNorm(String name, int dim) {
    return child(name, new BatchNorm(dim), channelsFirst(dim));
  }

  /** {@code B dim H W -> B dim H W}, the scales from {@code scales} rather than one. */
  protected final BatchNorm batchNorm(String name, int dim, Initializer scales) {
    BatchNorm norm = batchNorm(name, dim);
    norm.setInitializer(scales, Parameter.Type.GAMMA);
    return norm;
  }

  /** {@code B in H W -> B out H' W'}, weights and biases from PyTorch's default distribution. */
  protected final Conv2d conv(String name, Convolution convolution) {
    Initializer initializer = Initializers.convolutionDefault(convolution);
    Conv2d conv = conv(name, convolution, initializer);
    conv.setInitializer(initializer, Parameter.Type.BIAS);
    return conv;
  }

  /** {@code B in H W -> B out H' W'}, biases zero. */
  protected final Conv2d conv(String name, Convolution convolution, Initializer weights) {
    Conv2d conv = convolution.block();
    conv.setInitializer(weights, Parameter.Type.WEIGHT);
    return child(name, conv, channelsFirst(convolution.in()));
  }

  /** A constant of this block, which the state dict lists but training leaves alone. */
  protected final Parameter constant(String name, long[] values, Shape shape) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optInitializer((manager, same, type) -> manager.create(values, shape))
            .optShape(shape)
            .optRequiresGrad(false)
            .build());
  }

  /** A parameter of this block itself, from {@link Initializers#truncatedNormal}. */
  protected final Parameter parameter(String name, long... shape) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optInitializer(Initializers.truncatedNormal())
            .optShape(new Shape(shape))
            .build());
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> unused) {
    try (NDManager scope = NDManager.subManagerOf(inputs)) {
      scope.tempAttachAll(inputs);
      return scope.ret(forward(new Pass(parameters, training), inputs));
    }
  }

  /**
   * The shapes of what it computes, found by computing it for zeros: no block writes down a second
   * time what {@link #forward} does. Unknown before the block is initialised and for inputs with an
   * axis of unknown length.
   */
  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return DryRun.shapes(this, inputs).orElse(new Shape[] {UNKNOWN});
  }

  @Override
  @SuppressWarnings("try") // the random numbers are there to be closed
  public void initialize(NDManager manager, DataType type, Shape... inputs) {
    try (RandomNumbers own = RandomNumbers.any()) {
      super.initialize(manager, type, inputs);
    }
  }

  @Override
  protected final void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    declared.forEach(child -> child.block().initialize(manager, type, child.input()));
  }
}
