package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {

  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1, 4", "2, 3, 7, 5, 8", "1, 2, 49, 49, 32", "2, 1, 64, 16, 64"})
  void equalsSoftmaxOfProducts(int batch, int heads, int n, int m, int d) {
    Agreement agreement =
        new Agreement(
            TOLERANCE,
            x -> Aten.attention(x.get(0), x.get(1), x.get(2)),
            x -> composed(x.get(0), x.get(1), x.get(2), 1 / Math.sqrt(d)));
    try (NDManager manager = Agreement.newManager()) {
      agreement.on(
          Agreement.normal(manager, batch, heads, n, d),
          Agreement.normal(manager, batch, heads, m, d),
          Agreement.normal(manager, batch, heads, m, d));
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 7, 5, 8", "1, 2, 49, 49, 32"})
  void addsTheBiasAfterTheScale(long batch, long heads, long n, long m, long d) {
    Agreement agreement =
        new Agreement(
            TOLERANCE,
            x -> Aten.attention(x.get(0), x.get(1), x.get(2), x.get(3), 0.3),
            x -> biased(x.get(0), x.get(1), x.get(2), x.get(3)));
    try (NDManager manager = Agreement.newManager()) {
      agreement.on(
          Agreement.normal(manager, batch, heads, n, d),
          Agreement.normal(manager, batch, heads, m, d),
          Agreement.normal(manager, batch, heads, m, d),
          Agreement.normal(manager, 1, heads, n, m));
    }
  }

  @Test
  void scalesWithoutBias() {
    Agreement agreement =
        new Agreement(
            TOLERANCE,
            x -> Aten.attention(x.get(0), x.get(1), x.get(2), null, 0.3),
            x -> composed(x.get(0), x.get(1), x.get(2), 0.3));
    try (NDManager manager = Agreement.newManager()) {
      NDArray q = Agreement.normal(manager, 1, 2, 3, 4);
      agreement.on(q, Agreement.normal(manager, 1, 2, 5, 4), Agreement.normal(manager, 1, 2, 5, 4));
    }
  }

  private static NDArray composed(NDArray q, NDArray k, NDArray v, double scale) {
    return q.matMul(k.swapAxes(2, 3)).mul(scale).softmax(-1).matMul(v);
  }

  private static NDArray biased(NDArray q, NDArray k, NDArray v, NDArray bias) {
    return q.matMul(k.swapAxes(2, 3)).mul(0.3).add(bias).softmax(-1).matMul(v);
  }
}
