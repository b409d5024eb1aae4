package org.segtrain.torchscript;

/**
 * The method of a file for a CPU that computes two linear layers with an activation between them,
 * and the sum with another array. It takes some rows at a time where the hidden array is large: so
 * that array stays in the processor's cache, and the system need not clear new memory for it.
 */
final class ChunkedMlp {

  /** A call over the input, the other term, and the packed weight and bias of both layers. */
  static final String CALL = "(self)._mlp($0, $1, $2, $3, $4, $5)";

  /** The elements of a hidden array from which it is computed in parts: 16 MB in float32. */
  private static final int LARGE = 1 << 22;

  /** The elements of a part. */
  private static final int PART = 1 << 21;

  /** The method. */
  static final String CODE =
      """
        def _mlp(self: __torch__.Model, x: Tensor, other: Tensor, w1: Tensor, b1: Optional[Tensor], w2: Tensor, b2: Optional[Tensor]) -> Tensor:
          rows = torch.floordiv(torch.numel(x), ops.prim.max(torch.size(w1, 1), 1))
          hidden = torch.size(w1, 0)
          if torch.le(torch.mul(rows, hidden), %1$d):
            h = ops.mkldnn._linear_pointwise(x, w1, b1, "gelu", annotate(List[Optional[number]], []), "none")
            result = ops.mkldnn._linear_pointwise(h, other, w2, b2, "add")
          else:
            x0 = torch.reshape(x, [rows, torch.size(w1, 1)])
            other0 = torch.reshape(other, [rows, torch.size(w2, 0)])
            step = ops.prim.max(torch.floordiv(%2$d, hidden), 1)
            parts = annotate(List[Tensor], [])
            for i in range(torch.floordiv(torch.sub(torch.add(rows, step), 1), step)):
              start = torch.mul(i, step)
              end = torch.add(start, step)
              h0 = ops.mkldnn._linear_pointwise(torch.slice(x0, 0, start, end, 1), w1, b1, "gelu", annotate(List[Optional[number]], []), "none")
              part = ops.mkldnn._linear_pointwise(h0, torch.slice(other0, 0, start, end, 1), w2, b2, "add")
              _0 = torch.append(parts, part)
            result = torch.reshape(torch.cat(parts), torch.size(other))
          return result
      """
          .formatted(LARGE, PART);

  private ChunkedMlp() {}
}
