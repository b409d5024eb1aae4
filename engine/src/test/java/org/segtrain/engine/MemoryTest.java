package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs {@link MemorySlope} in a process whose Java heap can't grow, so that the rest is native. */
@Tag("slow")
class MemoryTest {

  /** Losing the smallest IValue or array costs 16 or more; 0.0 to 0.6 were seen. */
  private static final double BYTES_PER_CALL = 10;

  private static String report = "";

  @BeforeAll
  static void measure() throws IOException {
    assumeTrue(Files.exists(MemorySlope.STATM), "this system has no " + MemorySlope.STATM);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Doffline=true", "-cp", System.getProperty("java.class.path")));
    command.add(MemorySlope.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void residentMemoryStaysFlat(MemorySlope.Kind kind) {
    assertTrue(report.contains(kind + " "), report);
    try (Scanner scanner = new Scanner(report.substring(report.indexOf(kind + " ")))) {
      double slope = Double.parseDouble(scanner.skip(kind + " ").next());
      assertTrue(
          slope < BYTES_PER_CALL, "resident memory grows by %s bytes a call".formatted(slope));
    }
  }
}
