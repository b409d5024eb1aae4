package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * How the file prepares a weight for oneDNN as it is loaded. PyTorch cannot store weights in
 * oneDNN's order, which depends on the processor, so a module in the place of the weight stores
 * them in rows and holds them packed.
 *
 * @param call TorchScript that packs the weight {@code $0}, whose scales are {@code $1}
 * @param unpacked TorchScript that gives the weight for {@code $0}, the packed one
 * @param scale of each output channel of an int8 weight; empty for other types
 */
record Packing(String call, String unpacked, Optional<NDArray> scale) {

  static final String PACKED = "$0.packed";
  static final String SCALE = "$0.scale";
  static final String ZEROS = "$0.zeros";

  /** The name of the scales among the arrays of the file, for the weight {@code name}. */
  static String scaleOf(String name) {
    return name + ".scale";
  }

  /** The declaration of the module's class but for its first line. */
  String body(String className) {
    boolean scaled = scale.isPresent();
    String state = scaled ? "Tuple[Tensor, Tensor, bool]" : "Tuple[Tensor, bool]";
    String own = "self: __torch__." + className;
    StringBuilder body = new StringBuilder();
    body.append("  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
    body.append("  packed : Tensor\n");
    if (scaled) {
      body.append("  scale : Tensor\n  zeros : Tensor\n");
    }
    body.append("  def __getstate__(%s) -> %s:\n".formatted(own, state));
    body.append("    weight = %s\n".formatted(unpacked.replace("$0", "self.packed")));
    body.append(
        scaled
            ? "    return (weight, self.scale, self.training)\n"
            : "    return (weight, self.training)\n");
    body.append("  def __setstate__(%s, state: %s) -> NoneType:\n".formatted(own, state));
    body.append(
        "    self.packed = %s\n"
            .formatted(call.replace("$0", "(state)[0]").replace("$1", "(state)[1]")));
    if (scaled) {
      body.append("    self.scale = (state)[1]\n");
      body.append("    self.zeros = torch.to(torch.zeros_like((state)[1]), 3)\n");
    }
    body.append("    self.training = (state)[%d]\n".formatted(scaled ? 2 : 1));
    return body.append("    return None\n").toString();
  }
}
