package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * A cheap non-linear map from tokens to tokens beside the attention, which keeps them from growing
 * alike: the channels are a matrix of k rows and p columns, multiplied from either side. HRViT
 * (arXiv:2111.01236), section 3.2, diversity-enhanced shortcut.
 *
 * <p>{@code B H W C -> B H W C}, C = k·p.
 */
final class DiversityShortcut extends UnaryBlock {

  private final int rows;
  private final int columns;
  private final Linear projRight;
  private final Linear projLeft;

  DiversityShortcut(int dim) {
    int bits = 31 - Integer.numberOfLeadingZeros(dim); // ⌊log₂ C⌋
    this.columns = 1 << ((bits + 1) / 2);
    this.rows = dim / columns;
    this.projRight = linear("proj_right", columns, columns);
    this.projLeft = linear("proj_left", rows, rows);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B H W C
    NDArray matrices = x.reshape(new Shape(x.size(0), x.size(1), x.size(2), rows, columns));
    NDArray right = transposed(pass.through(projRight, matrices)); // B H W p k
    NDArray left = transposed(pass.through(projLeft, Activation.gelu(right))); // B H W k p
    return left.reshape(x.getShape());
  }

  /** Each matrix turned, in memory too, since the next operation is slow on a view. */
  private static NDArray transposed(NDArray matrices) {
    Shape shape = matrices.getShape();
    Shape turned = new Shape(shape.get(0), shape.get(1), shape.get(2), shape.get(4), shape.get(3));
    return matrices.swapAxes(3, 4).flatten(3, 4).reshape(turned);
  }
}
