package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs {@link MemoryGrowth} in a process whose Java heap cannot grow, so that the rest is native.
 */
final class MemoryTest {

  private static String report = "";

  @BeforeAll
  static void measure() throws IOException {
    assumeTrue(ResidentMemory.now().isPresent(), "this system does not say what is resident");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Doffline=true", "-cp", System.getProperty("java.class.path")));
    command.add(MemoryGrowth.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "16384"); // freed maps are given back
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "0");
    Process process = builder.start();
    report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** One map of the first stage is 32 kB in a step (2 8 8 64) and 64 kB for a picture. */
  @ParameterizedTest
  @CsvSource({"step, 20", "picture, 40"})
  void residentMemoryStaysFlat(String name, double kilobytes) {
    assertTrue(report.contains(name + " "), report);
    try (Scanner scanner = new Scanner(report.substring(report.indexOf(name + " ")))) {
      double growth = Double.parseDouble(scanner.skip(name + " ").next());
      assertTrue(growth < kilobytes, "%s grows by %s kB".formatted(name, growth));
    }
  }
}
