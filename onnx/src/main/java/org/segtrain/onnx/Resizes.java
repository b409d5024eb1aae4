package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.internal.Expr;

/** Interpolation of maps, {@code B C h w -> B C H W}. */
final class Resizes {

  /** Of PyTorch's cubic interpolation with antialiasing. */
  private static final double CUBIC = -0.5;

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.upsample_bilinear2d", call -> resized(call, "linear", false)),
          entry("torch._upsample_bilinear2d_aa", call -> resized(call, "linear", true)),
          entry("torch._upsample_bicubic2d_aa", call -> resized(call, "cubic", true)),
          entry("torch.upsample_nearest2d", Resizes::nearest));

  private Resizes() {}

  private static Tensor resized(Invocation call, String mode, boolean antialias) {
    call.require(!call.has(3) && !call.has(4), "it is given scales besides sizes");
    call.require(!antialias || !call.flag(2), "it is antialiased and keeps the corners in place");
    Tensor x = call.array(0);
    return call.node("Resize")
        .in(x, null, null, call.sizes(1))
        .set("axes", List.of(2L, 3L))
        .set("mode", mode)
        .set("coordinate_transformation_mode", call.flag(2) ? "align_corners" : "half_pixel")
        .set("cubic_coeff_a", CUBIC)
        .set("antialias", antialias ? 1 : 0)
        .set("exclude_outside", antialias ? 1 : 0)
        .like(x);
  }

  /**
   * Pixel i is pixel ⌊i s⌋ of the input, with s = h / H rounded to float32. The node {@code Resize}
   * divides by H / h instead and at some sizes takes the pixel beside it: from 50 to 198, for one.
   */
  private static Tensor nearest(Invocation call) {
    call.require(!call.has(2) && !call.has(3), "it is given scales besides sizes");
    Tensor rows = taken(call, call.array(0), 2, call.items(1).get(0));
    return taken(call, rows, 3, call.items(1).get(1));
  }

  private static Tensor taken(Invocation call, Tensor x, int axis, Expr size) {
    Tensor from = call.sizes().of(x, axis, axis + 1);
    Tensor scale = real(call, "Div", floats(call, from), floats(call, call.sizes().one(size)));
    Tensor range =
        call.node("Range")
            .in(
                call.nodes().number(0, DataType.FLOAT32),
                call.cast(call.sizes().scalar(size), DataType.FLOAT32),
                call.nodes().number(1, DataType.FLOAT32))
            .out(DataType.FLOAT32, 1);
    Tensor place = real(call, "Floor", real(call, "Mul", range, scale));
    Tensor last = call.node("Sub").in(from, call.nodes().integers(1)).like(from);
    Tensor index = call.node("Min").in(call.cast(place, DataType.INT64), last).like(from);
    return call.node("Gather").in(x, index).set("axis", axis).like(x);
  }

  private static Tensor floats(Invocation call, Tensor integers) {
    return call.cast(integers, DataType.FLOAT32);
  }

  private static Tensor real(Invocation call, String operator, Tensor... inputs) {
    return call.node(operator).in(inputs).out(DataType.FLOAT32, 1);
  }
}
