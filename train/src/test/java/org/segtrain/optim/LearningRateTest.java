package org.segtrain.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** One cycle rises over 6 steps, which are 0.3 of 20. */
  @ParameterizedTest
  @CsvSource({"POLY, 0, 0", "COSINE, 0.004, 0", "STEP, 0, 0", "CONSTANT, 0, 0", "ONECYCLE, 0, 6"})
  void equalsTheSchedulersOfPyTorch(RateDecay decay, double minimum, int warmup) {
    JsonNode golden = OptimizerGoldens.read();
    JsonNode expected = null;
    for (JsonNode schedule : golden.get("schedules")) {
      expected = schedule.get("schedule").asText().equals(decay.toString()) ? schedule : expected;
    }
    int iterations = golden.get("iterations").asInt();
    LearningRate rate =
        new LearningRate(
            decay,
            golden.get("rate").asDouble(),
            minimum,
            iterations,
            warmup,
            0.9,
            List.of(7, 12),
            0.3);
    for (int step = 0; step < iterations; step++) {
      double one = expected.get("rates").get(step).asDouble();
      assertEquals(one, rate.at(step), 1e-9 * one, "step " + step);
    }
  }

  @ParameterizedTest
  @EnumSource(RateDecay.class)
  void isNeverAboveTheHighestNorBelowTheLowest(RateDecay decay) {
    LearningRate rate = new LearningRate(decay, 1e-3, 1e-4, 10, 3, 0.9, List.of(2, 5, 7), 0.1);
    for (int step = 3; step < 30; step++) {
      double now = rate.at(step);
      assertTrue(now <= 1e-3 && now >= 1e-4 * (1 - 1e-12), step + ": " + now);
      assertTrue(step == 3 || now <= rate.at(step - 1), step + ": " + now);
    }
    double last = decay == RateDecay.CONSTANT ? 1e-3 : 1e-4;
    assertEquals(last, rate.at(10), 1e-12);
    assertTrue(rate.at(0) < rate.at(3));
  }

  @Test
  void staysZeroAfterTheEnd() {
    LearningRate rate = new LearningRate(1e-3, 10, 0.9, 0);
    assertEquals(0, rate.at(10), 0);
    assertEquals(0, rate.at(1000), 0);
  }
}
