package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.errors.UsageException;

/**
 * Stochastic depth on a residual branch: in training, a sample loses the whole branch with
 * probability {@code rate}. Huang et al. (arXiv:1603.09382).
 *
 * @param rate 0-1, exclusive of 1
 */
public record DropPath(float rate) {

  public DropPath {
    if (!(rate >= 0 && rate < 1)) {
      throw new UsageException("drop path rate must be at least 0 and below 1, but is " + rate);
    }
  }

  /** One for each of {@code depth} layers, the rates rising evenly from 0 to {@code last}. */
  public static List<DropPath> rising(float last, int depth) {
    return IntStream.range(0, depth)
        .mapToObj(i -> new DropPath(depth == 1 ? 0 : last * i / (depth - 1)))
        .toList();
  }

  /** {@code branch} after the drop, {@code B H W C}. */
  public NDArray apply(Pass pass, NDArray branch) {
    return pass.training() && rate > 0 ? pass.dropSamples(branch, rate) : branch;
  }
}
