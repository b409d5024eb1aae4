package org.segtrain.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParityTest {

  @ParameterizedTest
  @ValueSource(strings = {"formula_check", "trajectory_pvt_tiny_semfpn"})
  void agreesWithTheReference(String name) {
    ParityReport report = Parity.run(Path.of("src/test/resources/golden", name + ".json"), Device.cpu());
    report.sections().forEach(s -> System.out.println((s.passed() ? "ok   " : "FAIL ") + s));
    assertTrue(report.passed());
  }
}
