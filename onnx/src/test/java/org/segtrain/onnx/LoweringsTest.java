package org.segtrain.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OrtException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation that can be written, computed by PyTorch and by ONNX Runtime. */
class LoweringsTest {

  /** Rounding of float32 in another order, for numbers below 10. */
  private static final double TOLERANCE = 1e-5;

  private static final Pattern NAME = Pattern.compile("torch\\.\\w+");

  /**
   * Expressions over {@code $0}, float32 2 3 4 5, {@code $1}, of that shape, and {@code $2},
   * integers 0-4.
   */
  private static final String ON_MAPS =
      """
      torch.neg($0)
      torch.abs($0)
      torch.sign($0)
      torch.floor($0)
      torch.ceil($0)
      torch.round($0)
      torch.relu($0)
      torch.sqrt(torch.abs($0))
      torch.exp($0)
      torch.log(torch.abs($0))
      torch.log2(torch.abs($0))
      torch.sin($0)
      torch.cos($0)
      torch.erf($0)
      torch.tanh($0)
      torch.sigmoid($0)
      torch.softplus($0)
      torch.selu($0)
      torch.hardswish(torch.mul($0, 3))
      torch.elu($0, 0.5)
      torch.leaky_relu($0, 0.2)
      torch.gelu($0)
      torch.silu($0)
      torch.square($0)
      torch.square($2)
      torch.exp($2)
      torch.add($0, $1)
      torch.add($0, $2)
      torch.add($0, 2)
      torch.add($2, 2)
      torch.add($2, 2.5)
      torch.add($0, $1, alpha=0.25)
      torch.sub($0, $1, alpha=2)
      torch.sub($0, 1.5)
      torch.mul($0, torch.select($1, 0, 1))
      torch.mul($2, True)
      torch.mul(torch.to($2, 0), torch.to($2, 0))
      torch.div($0, 3)
      torch.div($2, 4)
      torch.div($0, $1)
      torch.pow($0, 3)
      torch.pow(torch.abs($0), 1.5)
      torch.maximum($0, $1)
      torch.minimum($0, $1)
      torch.remainder($0, 0.7)
      torch.remainder($0, -0.7)
      torch.remainder($2, 3)
      torch.remainder($2, -3)
      torch.addcmul($0, $1, $2)
      torch.clamp($0, -0.5, 0.5)
      torch.clamp($0, 0)
      torch.clamp($0, None, 0)
      torch.clamp($2, 1, 2)
      torch.clamp_min($0, 0.1)
      torch.to($0, 4)
      torch.to($0, 7)
      torch.to($2, 0, False, True)
      torch.to($2, 11)
      torch.clone($0)
      torch.detach($0)
      torch.contiguous($0, memory_format=2)
      torch.dropout($0, 0.5, False)
      torch.dropout($0, 0.5, self.training)
      torch.feature_dropout($0, 0.5, False)
      torch.eq($2, 1)
      torch.ne($2, 1)
      torch.gt($0, $1)
      torch.ge($0, 0)
      torch.lt($0, $1)
      torch.le($2, 1.5)
      torch.logical_and(torch.gt($0, 0), $2)
      torch.logical_or(torch.gt($0, 0), $2)
      torch.logical_not($2)
      torch.where(torch.gt($0, 0), $0, $1)
      torch.where(torch.gt($0, 0), $0, $2)
      torch.sum($0)
      torch.sum($0, [1, 3], True)
      torch.sum($2, [-1], False)
      torch.sum(torch.gt($0, 0), [2], False)
      torch.mean($0)
      torch.mean($0, [2], True)
      torch.max($0)
      torch.min($0)
      torch.amax($0, [1], False)
      torch.amin($0, [-1, 1], True)
      torch.norm($0, 2, [1], True)
      torch.norm($0, 1, [3], False)
      torch.argmax($0, 1)
      torch.argmin($0, -1)
      torch.argmax($2, 3)
      torch.topk($0, 2, 3, True, True)[0]
      torch.topk($0, 2, 1, False, True)[1]
      torch.cumsum($0, 2)
      torch.cumsum($2, 1)
      torch.softmax($0, 1)
      torch.log_softmax($0, -1)
      torch.matmul($0, torch.transpose($1, 2, 3))
      torch.matmul($0, torch.select(torch.select(torch.select($1, 0, 0), 0, 0), 0, 0))
      torch.bmm(torch.flatten($0, 0, 1), torch.transpose(torch.flatten($1, 0, 1), 1, 2))
      torch.mm(torch.flatten($0, 0, 2), torch.reshape($1, [5, 24]))
      torch.linear($0, torch.reshape($1, [24, 5]), torch.reshape(torch.select($1, 3, 0), [24]))
      torch.linear($0, torch.reshape($1, [24, 5]), None)
      torch.scaled_dot_product_attention($0, $1, $1)
      torch.scaled_dot_product_attention($0, $1, $1, None, 0., False, scale=0.3)
      torch.scaled_dot_product_attention($0, $1, $1, torch.slice($0, 3, 0, 4), 0., False, scale=0.3)
      torch.reshape($0, [2, -1, 5])
      torch.flatten($0)
      torch.flatten($0, 1, 2)
      torch.flatten($0, 2)
      torch.unsqueeze($0, 2)
      torch.unsqueeze($0, -1)
      torch.squeeze(torch.slice($0, 1, 0, 1), 1)
      torch.permute($0, [0, 2, -1, 1])
      torch.transpose($0, 1, -1)
      torch.expand(torch.slice($0, 1, 0, 1), [-1, 7, -1, 5])
      torch.expand($0, [3, 2, 3, 4, 5])
      torch.expand_as(torch.slice($0, 1, 0, 1), $0)
      torch.repeat($0, [1, 2, 1, 3])
      torch.repeat($0, [2, 1, 2, 1, 3])
      torch.repeat_interleave($0, 3, 1)
      torch.repeat_interleave($0, 2, -1)
      torch.select($0, 1, -1)
      torch.select($0, -1, 2)
      torch.slice($0, 2, 1, -1, 2)
      torch.slice($0, -1, None, 100)
      torch.split($0, 2, 3)[0]
      torch.split($0, 2, 3)[2]
      torch.tensor_split($0, [1, 4], 3)[0]
      torch.tensor_split($0, [1, 4], 3)[1]
      torch.tensor_split($0, [1, 4], 3)[2]
      torch.flip($0, [1, 3])
      torch.roll($0, [1, -2], [2, 3])
      torch.roll($0, [-7], [-1])
      torch.gather($0, 1, torch.remainder($2, 3))
      torch.index_select($0, 3, torch.select(torch.select(torch.select($2, 0, 0), 0, 0), 0, 0))
      torch.embedding(torch.reshape($0, [24, 5]), torch.to($2, 4))
      torch.cat([$0, $1, $2], 1)
      torch.stack([$0, $1], -1)
      torch.stack([$0, $1])
      torch.constant_pad_nd($0, [1, 2, 0, 3], -1.5)
      torch.constant_pad_nd($0, [0, 0, 2, -1], 0)
      torch.constant_pad_nd($2, [0, 1], 7)
      torch.mul(torch.zeros([2, 3], dtype=6), torch.sum($0))
      torch.add(torch.ones([2, 3], dtype=4), torch.sum($2))
      torch.add(torch.full([2, 3], 1.5, dtype=7), torch.sum($0))
      torch.new_zeros($0, [2, 3])
      torch.new_ones($2, [2, 3])
      torch.new_full($0, [2, 3], 0.5)
      torch.zeros_like($0)
      torch.ones_like($2)
      torch.add(torch.arange(1, 9, 2, dtype=6), torch.sum($0))
      torch.one_hot($2, 5)
      torch.conv2d($0, torch.reshape($1, [8, 3, 1, 5]), None, [1, 1], [0, 2], [1, 1], 1)
      torch.conv2d($0, torch.reshape($1, [6, 1, 4, 5]), torch.slice(torch.flatten($1), 0, 0, 6), [2, 1], [3, 4], [2, 2], 3)
      torch.batch_norm($0, torch.slice(torch.flatten($1), 0, 0, 3), torch.slice(torch.flatten($1), 0, 3, 6), torch.slice(torch.flatten($1), 0, 6, 9), torch.abs(torch.slice(torch.flatten($1), 0, 9, 12)), self.training, 0.1, 1e-3, True)
      torch.batch_norm($0, None, None, torch.slice(torch.flatten($1), 0, 6, 9), torch.abs(torch.slice(torch.flatten($1), 0, 9, 12)), False, 0.1, 1e-5, True)
      torch.max_pool2d($0, [2, 3], [1, 2], [1, 1], [1, 1], False)
      torch.avg_pool2d($0, [3, 2], [2, 1], [1, 1], False, True)
      torch.avg_pool2d($0, [3, 2], [], [1, 1], False, False)
      torch.adaptive_avg_pool2d($0, [1, 1])
      torch.adaptive_avg_pool2d($0, [3, 2])
      torch.adaptive_avg_pool2d($0, [6, 6])
      torch.flatten(torch.adaptive_avg_pool2d($0, [1, 1]), 1)
      torch.layer_norm($0, [5], torch.select(torch.flatten($1, 0, 2), 0, 3), None, 1e-5)
      torch.layer_norm($0, [4, 5], None, None, 0.1)
      torch.upsample_bilinear2d($0, [9, 7], False)
      torch.upsample_bilinear2d($0, [9, 7], True)
      torch.upsample_bilinear2d($0, [2, 3], False)
      torch.upsample_bilinear2d($0, [1, 1], True)
      torch.upsample_bilinear2d($0, [1, 1], False)
      torch._upsample_bilinear2d_aa($0, [2, 3], False)
      torch._upsample_bilinear2d_aa($0, [7, 9], False)
      torch._upsample_bicubic2d_aa($0, [2, 3], False)
      torch._upsample_bicubic2d_aa($0, [7, 9], False)
      torch.upsample_nearest2d($0, [9, 7])
      torch.upsample_nearest2d($0, [8, 2])
      torch.floor($2)
      torch.ceil($2)
      torch.round($2)
      torch.relu($2)
      torch.relu(torch.sub($2, 2))
      torch.neg(torch.to($2, 1))
      torch.sign(torch.to($2, 11))
      torch.square(torch.to($2, 11))
      torch.square(torch.to($2, 0))
      torch.add(torch.gt($0, 0), torch.gt($1, 0))
      torch.add(torch.gt($0, 0), True)
      torch.add(torch.to($2, 0), torch.to($2, 0), alpha=2)
      torch.mul(torch.gt($0, 0), torch.gt($1, 0))
      torch.maximum(torch.gt($0, 0), torch.gt($1, 0))
      torch.gt(torch.gt($0, 0), torch.gt($1, 0))
      torch.eq(torch.gt($0, 0), torch.gt($1, 0))
      torch.logical_and(torch.gt($0, 0), torch.gt($1, 0))
      torch.where(torch.gt($0, 0), torch.gt($1, 0), torch.gt($1, $0))
      torch.where(torch.gt($0, 0), torch.to($2, 0), torch.remainder(torch.to($2, 0), 3))
      torch.amax(torch.gt($0, 0), [1], False)
      torch.min(torch.to($2, 0))
      torch.softplus($0, 1, 20)
      torch.gelu($0, approximate="none")
      torch.gelu($0, approximate="tanh")
      torch.div($0, $1, rounding_mode=None)
      torch.div($0, $1, rounding_mode="trunc")
      torch.div($0, $1, rounding_mode="floor")
      torch.div($0, torch.floor(torch.abs($1)), rounding_mode="floor")
      torch.div(torch.to($2, 6), 0.1, rounding_mode='floor')
      torch.div(torch.sub($2, 2), 3, rounding_mode="trunc")
      torch.div(torch.sub($2, 2), 3, rounding_mode="floor")
      torch.div(torch.sub($2, 2), -2, rounding_mode="floor")
      torch.div(torch.to($2, 0), 3, rounding_mode="floor")
      torch.clamp($0, max=0.5)
      torch.clamp($2, min=1)
      torch.clamp($2, 0.5)
      torch.clamp($0, torch.neg(torch.abs($1)), torch.abs($1))
      torch.clamp($0, max=$1)
      torch.clamp($2, $0)
      torch.clamp($0, None, torch.select($1, 0, 0))
      torch.clamp($0, torch.mean($1))
      torch.to($2, dtype=6)
      torch.dropout($0, p=0.5, train=False)
      torch.sum($0, dim=[1], keepdim=True)
      torch.softmax($0, dim=1)
      torch.softmax($0, 1, 7)
      torch.topk($0, 2)[0]
      torch.flatten($0, start_dim=1)
      torch.transpose($0, dim0=1, dim1=2)
      torch.scaled_dot_product_attention($0, $1, $1, attn_mask=torch.slice($0, 3, 0, 4))
      torch.scaled_dot_product_attention($0, $1, $1, is_causal=False, scale=0.3)
      torch.conv2d($0, torch.reshape($1, [8, 3, 1, 5]))
      torch.avg_pool2d($0, [3, 2], [2, 1], [1, 1])
      torch.max_pool2d($0, [2, 3])
      torch.embedding(torch.reshape($0, [24, 5]), torch.to($2, 4), 1, False, False)
      torch.layer_norm($0, [5], None, None, 1e-5, False)
      torch.new_zeros($0, [2, 3], dtype=4)
      torch.ones_like($0, dtype=4)
      torch.add(torch.full([2, 3], 2), torch.sum($2))
      torch.add(torch.arange(1, 9, 2), torch.sum($2))
      torch.new_zeros($0, [])
      torch.add(torch.zeros([], dtype=6), torch.sum($0))
      torch.reshape(torch.sum($0), [])
      torch.expand(torch.sum($0), [])
      """;

  /** Expressions over sizes, 2 3 4 5, where an operation takes integers. */
  private static final String ON_SIZES =
      """
      torch.reshape($0, [torch.mul(torch.size($0, 0), torch.size($0, 1)), -1, torch.size($0, -1)])
      torch.new_zeros($0, [torch.floordiv(torch.size($0, 3), 2), torch.remainder(torch.size($0, 3), 3)])
      torch.new_zeros($0, [torch.add(torch.floordiv(torch.neg(torch.size($0, 3)), 2), 9)])
      torch.new_zeros($0, [torch.remainder(torch.neg(torch.size($0, 3)), 7)])
      torch.new_zeros($0, [torch.sub(torch.mul(torch.size($0, 2), 3), torch.size($0, 3))])
      torch.new_zeros($0, [torch.floordiv(7, 2), torch.add(1, 2), torch.neg(-4)])
      torch.constant_pad_nd($0, [0, torch.remainder(torch.neg(torch.size($0, 3)), 7), 1, 0], 0)
      torch.slice($0, 3, 1, torch.sub(torch.size($0, 3), 1), 1)
      torch.select($0, 3, torch.sub(torch.size($0, 3), 2))
      torch.split($0, torch.floordiv(torch.size($0, 2), 2), 2)[1]
      torch.expand(torch.slice($0, 1, 0, 1), [-1, torch.size($0, 3), -1, -1])
      torch.repeat_interleave($0, torch.size($0, 1), 2)
      torch.roll($0, [torch.floordiv(torch.size($0, 3), 2)], [3])
      torch.upsample_bilinear2d($0, [torch.mul(torch.size($0, 2), 2), torch.size($0, 3)], False)
      torch.upsample_nearest2d($0, [torch.mul(torch.size($0, 2), 2), torch.size($0, 3)])
      torch.adaptive_avg_pool2d($0, [torch.size($0, 0), torch.size($0, 1)])
      torch.add(torch.arange(0, torch.size($0, 3), 1, dtype=6), $0)
      torch.mul($0, torch.size($0, 3))
      """;

  /** Expressions with an argument that no node computes, and what is said of it. */
  private static final String REFUSED =
      """
      torch.round($0, decimals=1) | no nodes are known for its argument decimals
      torch.softplus($0, 2.0, 10.0) | its beta is not 1 or its threshold not 20
      torch.elu($0, 1, 2) | no nodes are known for its argument scale
      torch.sum($0, dtype=7) | no nodes are known for its argument dtype
      torch.cumsum($0, 1, dtype=7) | no nodes are known for its argument dtype
      torch.addcmul($0, $1, $1, value=2) | its product has a factor
      torch.scaled_dot_product_attention($0, $1, $1, is_causal=True) | it is causal
      torch.avg_pool2d($0, [2, 2], [], [0, 0], False, True, 3) | \
      no nodes are known for its argument divisor_override
      torch.avg_pool2d($0, [2, 2], divisor_override=3) | \
      no nodes are known for its argument divisor_override
      """;

  static Stream<String> expressions() {
    return Stream.concat(ON_MAPS.lines(), ON_SIZES.lines());
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void bothComputeTheSame(String expression) throws OrtException {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      program(expression, manager).agrees(TOLERANCE);
    }
  }

  static Stream<Arguments> refused() {
    return REFUSED.lines().map(line -> Arguments.of((Object[]) line.split(" \\| ")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void anArgumentThatNoNodeComputesIsRefused(String expression, String reason) {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      String message = program(expression, manager).refusal();
      String operation = expression.substring(0, expression.indexOf('('));
      assertEquals(
          "%s in head.attn cannot be written as ONNX: %s; replace it, or write TorchScript"
              .formatted(operation, reason),
          message);
    }
  }

  private static Program program(String expression, NDManager manager) {
    Shape shape = new Shape(2, 3, 4, 5);
    Engine.getEngine("PyTorch").setRandomSeed(1);
    NDArray x = manager.randomNormal(0f, 1f, shape, DataType.FLOAT32);
    NDArray y = manager.randomNormal(0f, 1f, shape, DataType.FLOAT32);
    NDArray n = manager.randomInteger(0, 5, shape, DataType.INT64);
    return new Program(expression, x, y, n);
  }

  @Test
  void everyOperationIsTried() {
    Set<String> tried = new TreeSet<>();
    NAME.matcher(ON_MAPS).results().forEach(name -> tried.add(name.group()));
    assertEquals(new TreeSet<>(Lowerings.names()), tried);
    assertTrue(tried.containsAll(Signatures.names()));
  }
}
