package org.segtrain.onnx;

import static java.util.Map.entry;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Normalisation by statistics. */
final class Norms {

  private static final double EPSILON = 1e-5; // PyTorch's default

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.batch_norm", Norms::batchNorm), entry("torch.layer_norm", Norms::layerNorm));

  private Norms() {}

  private static Tensor batchNorm(Invocation call) {
    call.require(!call.flag(5), "it normalises by the batch; record the model for inference");
    call.ignore(6, 8); // the momentum of training, and whether cuDNN computes it
    Tensor x = call.array(0);
    Tensor mean = call.array(3);
    Tensor variance = call.array(4);
    Tensor scale = call.has(1) ? call.array(1) : likeMean(call, mean, 1);
    Tensor shift = call.has(2) ? call.array(2) : likeMean(call, mean, 0);
    return call.node("BatchNormalization")
        .in(x, scale, shift, mean, variance)
        .set("epsilon", call.number(7, EPSILON))
        .like(x);
  }

  private static Tensor likeMean(Invocation call, Tensor mean, Number value) {
    return call.node("ConstantOfShape")
        .in(call.sizes().of(mean, 0, 1))
        .set("value", value, mean.type())
        .like(mean);
  }

  private static Tensor layerNorm(Invocation call) {
    call.ignore(5); // whether cuDNN computes it
    Tensor x = call.array(0);
    List<Long> sizes = call.integers(1);
    Tensor scale = call.has(2) ? call.array(2) : ones(call, x, sizes);
    return call.node("LayerNormalization")
        .in(x, scale, call.array(3))
        .set("axis", -sizes.size())
        .set("epsilon", call.number(4, EPSILON))
        .like(x);
  }

  private static Tensor ones(Invocation call, Tensor x, List<Long> sizes) {
    long count = sizes.stream().reduce(1L, Math::multiplyExact);
    return call.nodes()
        .constant(
            x.type(),
            Collections.nCopies(Math.toIntExact(count), 1),
            sizes.stream().mapToLong(size -> size).toArray());
  }
}
