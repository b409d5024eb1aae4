package org.segtrain.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LearningRateTest {

  @Test
  void equalsTheRatesOfTheReference() { // trajectory_pvt_tiny_semfpn.json
    double[] expected = {
      2e-10,
      3.8000152e-05,
      7.2000108e-05,
      0.000102000068,
      0.000128000032,
      0.00015,
      0.00014,
      0.00013,
      0.00012,
      0.00011,
      0.0001,
      9e-05,
      8e-05,
      7e-05,
      6e-05,
      5e-05,
      4e-05,
      3e-05,
      2e-05,
      1e-05
    };
    LearningRate rate = new LearningRate(2e-4, 20, 1, 5);
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], rate.at(step), 1e-8 * expected[step], "step " + step);
    }
  }

  @Test
  void decaysByThePowerWithoutWarmUp() {
    LearningRate rate = new LearningRate(1e-3, 100, 0.9, 0);
    assertEquals(1e-3, rate.at(0), 0);
    assertEquals(1e-3 * Math.pow(0.25, 0.9), rate.at(75), 1e-12);
  }

  @Test
  void staysZeroAfterTheEnd() {
    LearningRate rate = new LearningRate(1e-3, 10, 0.9, 0);
    assertEquals(0, rate.at(10), 0);
    assertEquals(0, rate.at(1000), 0);
  }
}
