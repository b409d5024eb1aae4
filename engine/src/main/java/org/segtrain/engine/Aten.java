package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.segtrain.engine.internal.CompiledModule;
import org.segtrain.engine.internal.CpuKernels;
import org.segtrain.engine.internal.Recording;

/**
 * Differentiable operations of PyTorch that DJL does not have, on CPU and CUDA.
 *
 * <p>Each is one line of TorchScript, compiled on first use and then shared by all threads. Results
 * belong to the manager of the first argument. To add an operation, add a method of one {@link
 * #call}.
 */
public final class Aten {

  private static final Map<String, CompiledModule> MODULES = new ConcurrentHashMap<>();

  /** PyTorch's numbers of data types and of kinds of mean. */
  private static final int FLOAT32 = 6;

  private static final int BFLOAT16 = 15;
  private static final int NO_MEAN = 0;
  private static final int SUM = 2;
  private static final int CHANNELS_LAST = 2;

  private static final int FEW_QUERIES = 256;

  private static final String KEPT_SAMPLES =
      "torch.div_(torch.bernoulli_(torch.new_empty($0, [torch.size($0, 0), 1, 1, 1]), $1), $1)";

  private Aten() {}

  /**
   * Evaluates a TorchScript expression with one array as its value.
   *
   * <p>Numbers and booleans become part of the code. Each new code is compiled (about 2 ms) and
   * kept for ever, so pass few different values: hyper-parameters, not learning rates. Sizes that
   * vary with the image go in a {@link Shape}.
   *
   * <p>Keep to one operation. PyTorch rewrites longer expressions after two calls, which may change
   * the last bit of results; then a resumed training ends elsewhere.
   *
   * @param expression an expression with {@code $0} to {@code $9} in the places of the arguments
   * @param arguments arrays, shapes, numbers, booleans or null; the first is an array
   * @throws IllegalArgumentException if an argument cannot be passed or PyTorch does not accept the
   *     expression
   */
  public static NDArray call(String expression, Object... arguments) {
    for (Object argument : arguments) {
      if (argument instanceof Recording recording) {
        return recording.record(expression, arguments);
      }
    }
    Template template = Template.render(expression, arguments);
    CompiledModule module = MODULES.computeIfAbsent(template.asMethod(), CompiledModule::compile);
    try (Carriage carriage = new Carriage()) {
      return module.forward(carriage.load(template.travelling())).singletonOrThrow();
    }
  }

  /**
   * Whether operations on {@code x} are being recorded, for inputs of every size. Then a block must
   * keep operations that this size makes needless, such as padding by nothing.
   */
  public static boolean records(NDArray x) {
    return x instanceof Recording;
  }

  /** How many expressions were compiled so far. */
  static int compiled() {
    return MODULES.size();
  }

  /**
   * Attention, {@code softmax(q kᵀ / √d) v}, without the matrix of weights ever being in memory.
   * {@code B h N d, B h M d, B h M d -> B h N d}.
   */
  public static NDArray attention(NDArray q, NDArray k, NDArray v) {
    return call("torch.scaled_dot_product_attention($0, $1, $2)", q, k, v);
  }

  /**
   * Attention with a term added before the softmax: {@code softmax(scale · q kᵀ + bias) v}. {@code
   * B h N d, B h M d, B h M d -> B h N d}.
   *
   * <p>On a CPU, few queries in bfloat16 attend in float32 while autograd is on, since that has a
   * gradient that is up to five times faster.
   *
   * @param bias broadcast to {@code B h N M}, of the type of {@code q}; or null for none
   */
  public static NDArray attention(NDArray q, NDArray k, NDArray v, NDArray bias, double scale) {
    if (attendsInFloat32(q)) {
      NDArray exactK = toFloat32(k);
      NDArray exactV = v == k ? exactK : toFloat32(v);
      NDArray exactBias = bias == null ? null : toFloat32(bias);
      return toBfloat16(attention(toFloat32(q), exactK, exactV, exactBias, scale));
    }
    return call(
        "torch.scaled_dot_product_attention($0, $1, $2, $3, 0., False, scale=$4)",
        q,
        k,
        v,
        bias,
        scale);
  }

  private static boolean attendsInFloat32(NDArray q) {
    return isBfloat16(q)
        && !q.getDevice().isGpu()
        && q.size(2) <= FEW_QUERIES
        && !records(q)
        && JniUtils.isGradMode();
  }

  /**
   * The sum over all pixels of the cross-entropy of {@code logits}, {@code B K H W}, with {@code
   * labels}, int64 {@code B H W}.
   *
   * @param classWeights {@code K} factors, or null for ones
   * @param ignored the label of pixels that do not count
   * @param smoothing share of the target that is spread over all classes, 0-1
   */
  public static NDArray crossEntropySum(
      NDArray logits, NDArray labels, NDArray classWeights, int ignored, double smoothing) {
    return call(
        "torch.cross_entropy_loss($0, $1, $2, $3, $4, $5)",
        logits,
        labels,
        classWeights,
        SUM,
        ignored,
        smoothing);
  }

  /**
   * {@link #crossEntropySum} of scores that are enlarged as by {@link #resizeBilinear}, for arrays
   * that {@link CpuKernels#serve} names. The kernel enlarges a row at a time, and computes the
   * gradient with the sum.
   *
   * @param scores {@code B K h w}
   * @param labels int64, {@code B H W}
   * @return a float64 scalar
   */
  public static NDArray enlargedCrossEntropySum(
      NDArray scores,
      NDArray labels,
      NDArray classWeights,
      int ignored,
      double smoothing,
      boolean alignCorners) {
    return call(
        "ops.segtrain.enlarged_cross_entropy($0, $1, $2, $3, $4, $5)",
        scores,
        labels,
        classWeights,
        ignored,
        smoothing,
        alignCorners);
  }

  /**
   * The cross-entropy of each pixel of {@code logits}, {@code B K H W}, with {@code labels}, int64
   * {@code B H W}: {@code B H W}.
   *
   * @param classWeights {@code K} factors, or null for ones
   * @param ignored the label of pixels that have none
   * @param smoothing share of the target that is spread over all classes, 0-1
   */
  public static NDArray crossEntropies(
      NDArray logits, NDArray labels, NDArray classWeights, int ignored, double smoothing) {
    return call(
        "torch.cross_entropy_loss($0, $1, $2, $3, $4, $5)",
        logits,
        labels,
        classWeights,
        NO_MEAN,
        ignored,
        smoothing);
  }

  /**
   * Two linear layers with exact GELU in between, {@code * in -> * hidden -> * out}, for arrays
   * that {@link CpuKernels#serve} names. A forward pass keeps {@code x} and the hidden channels
   * once.
   *
   * @param first weight {@code hidden in} and bias {@code hidden}
   * @param second weight {@code out hidden} and bias {@code out}
   */
  public static NDArray mlp(NDArray x, NDList first, NDList second) {
    return call(
        "ops.segtrain.mlp($0, $1, $2, $3, $4)",
        x,
        first.get(0),
        first.get(1),
        second.get(0),
        second.get(1));
  }

  /**
   * Depthwise convolutions of stride one that keep height and width, each of as many of the
   * channels as it has kernels, one behind the other; exact GELU; and a linear layer. For arrays
   * that {@link CpuKernels#serve} names: {@code B H W C -> B H W out}. A forward pass keeps {@code
   * x} alone.
   *
   * @param first kernels {@code C 1 k k} with k of 3, 5 or 7, and biases {@code C}
   * @param second the same of the other channels, or empty
   * @param residual whether the channels are added to what their convolution made of them
   * @param linear weight {@code out C} and bias {@code out}
   */
  public static NDArray depthwiseGeluLinear(
      NDArray x, NDList first, NDList second, boolean residual, NDList linear) {
    boolean both = !second.isEmpty();
    return call(
        "ops.segtrain.depthwise_gelu_linear($0, $1, $2, $3, $4, $5, $6, $7)",
        x,
        first.get(0),
        first.get(1),
        both ? second.get(0) : null,
        both ? second.get(1) : null,
        residual,
        linear.get(0),
        linear.get(1));
  }

  /**
   * Batch normalisation, exact GELU and a convolution of stride one that keeps height and width,
   * for arrays that {@link CpuKernels#serve} names: {@code B C H W -> B out H W}. A forward pass
   * keeps {@code x} alone.
   *
   * @param norm weight, bias, running mean and running variance, {@code C} each
   * @param ofBatch whether to normalise with the statistics of the batch, which move the running
   *     ones
   * @param momentum share of the batch in the running statistics
   * @param convolution kernels {@code out C/groups k k} with k odd, and biases {@code out}
   */
  public static NDArray normGeluConvolution(
      NDArray x,
      NDList norm,
      boolean ofBatch,
      double momentum,
      double epsilon,
      NDList convolution) {
    NDArray kernels = convolution.get(0);
    return call(
        "ops.segtrain.norm_gelu_convolution($0, $1, $2, $3, $4, $5, "
            + "%s, %s, $6, $7, $8, $9)".formatted(momentum, epsilon),
        x,
        norm.get(0),
        norm.get(1),
        norm.get(2),
        norm.get(3),
        ofBatch,
        kernels,
        convolution.get(1),
        kernels.size(2) / 2,
        x.size(1) / kernels.size(1));
  }

  /** {@code softmax} along one axis, of bfloat16 too. */
  public static NDArray softmax(NDArray x, int axis) {
    return call("torch.softmax($0, $1)", x, axis);
  }

  /** The rows of a table that {@code indices}, int64 of one axis, names: {@code n *, m -> m *}. */
  public static NDArray rows(NDArray table, NDArray indices) {
    return call("torch.index_select($0, 0, $1)", table, indices);
  }

  /** {@code x + a · b}, element by element. */
  public static NDArray addProduct(NDArray x, NDArray a, NDArray b) {
    return call("torch.addcmul($0, $1, $2)", x, a, b);
  }

  /**
   * {@code factor · x}.
   *
   * <p>Blocks must not use DJL's arithmetic with numbers: it keeps the number in a Java buffer,
   * which may be collected before the backward pass. The number is code here, and each number is
   * compiled once and kept: one that differs from call to call goes into an array.
   */
  public static NDArray scaled(NDArray x, double factor) {
    return call("torch.mul($0, $1)", x, factor);
  }

  /** {@code x + factor · y}, broadcast. */
  public static NDArray addScaled(NDArray x, NDArray y, double factor) {
    return call("torch.add($0, $1, alpha=$2)", x, y, factor);
  }

  /** {@code x · relu6(x + 3) / 6}. */
  public static NDArray hardswish(NDArray x) {
    return call("torch.hardswish($0)", x);
  }

  /**
   * Bilinear interpolation without antialiasing, as {@code torch.nn.functional.interpolate} does
   * it. {@code B C h w -> B C height width}; a view of {@code x} if it is of that size.
   *
   * @param alignCorners whether the centres of the corner pixels stay in place, rather than their
   *     edges
   */
  public static NDArray resizeBilinear(NDArray x, long height, long width, boolean alignCorners) {
    if (!records(x) && x.size(2) == height && x.size(3) == width) {
      return x.reshape(x.getShape());
    }
    return call("torch.upsample_bilinear2d($0, $1, $2)", x, new Shape(height, width), alignCorners);
  }

  /** Nearest-neighbour interpolation, {@code B C h w -> B C height width}. */
  public static NDArray resizeNearest(NDArray x, long height, long width) {
    return call("torch.upsample_nearest2d($0, $1)", x, new Shape(height, width));
  }

  /** Zeros of the type and on the device of {@code like}. */
  public static NDArray zeros(NDArray like, Shape shape) {
    return call("torch.new_zeros($0, $1)", like, shape);
  }

  /** Means over a grid of cells that tile the map, {@code B C h w -> B C height width}. */
  public static NDArray adaptiveAveragePool(NDArray x, long height, long width) {
    return call("torch.adaptive_avg_pool2d($0, $1)", x, new Shape(height, width));
  }

  /** Rounds to bfloat16. DJL reports the type of the result as unknown and cannot print it. */
  public static NDArray toBfloat16(NDArray x) {
    return call("torch.to($0, $1)", x, BFLOAT16);
  }

  /** Converts to float32, from bfloat16 too. */
  public static NDArray toFloat32(NDArray x) {
    return call("torch.to($0, $1)", x, FLOAT32);
  }

  /** Whether the elements are bfloat16, a type that DJL has no name for. */
  public static boolean isBfloat16(NDArray x) {
    return x.getDataType() == DataType.UNKNOWN;
  }

  /** The same values of {@code B C H W}, laid out in memory as {@code B H W C}. */
  public static NDArray toChannelsLast(NDArray x) {
    return call("torch.contiguous($0, memory_format=$1)", x, CHANNELS_LAST);
  }

  /** Sets each element to zero with the given probability and scales the others by 1/(1-p). */
  public static NDArray dropout(NDArray x, double probability) {
    return call(whileTraining(x, "torch.dropout($0, $1, True)"), x, probability);
  }

  /** Dropout of whole channels of {@code B C H W} ({@code Dropout2d}). */
  public static NDArray channelDropout(NDArray x, double probability) {
    return call(whileTraining(x, "torch.feature_dropout($0, $1, True)"), x, probability);
  }

  /** A recorded operation is left out when the module is not in training. */
  private static String whileTraining(NDArray x, String expression) {
    return records(x) ? expression.replace("True", Recording.TRAINING) : expression;
  }

  /**
   * Stochastic depth: sets whole samples, along the first of four axes, to zero with the given
   * probability and scales the others by 1/(1-p). Deep Networks with Stochastic Depth
   * (arXiv:1603.09382).
   */
  public static NDArray dropSamples(NDArray x, double probability) {
    return call("torch.mul($0, " + KEPT_SAMPLES + ")", x, kept(probability));
  }

  /**
   * Newly drawn factors of {@link #dropSamples} for the samples of {@code x}: {@code B 1 1 1}, 0 or
   * 1/(1-p).
   */
  public static NDArray keptSamples(NDArray x, double probability) {
    return call(KEPT_SAMPLES, x, kept(probability));
  }

  private static double kept(double probability) {
    if (probability < 0 || probability >= 1) {
      throw new IllegalArgumentException(
          "the probability to drop must be at least 0 and below 1, but is " + probability);
    }
    return 1 - probability;
  }

  /** Another handle of the same array, which ends by itself. */
  public static NDArray alias(NDArray x) {
    return call("$0", x);
  }
}
