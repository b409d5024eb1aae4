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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs {@link MemoryGrowth} in a process of its own, without a compiler: what it allocates is not
 * ours.
 */
@Tag("slow")
final class MemoryTest {

  /** A map of the first stage has 32 kB in a step (2 8 8 64); 0.0 to 0.2 kB were seen. */
  private static final double KILOBYTES = 5;

  private static String report = "";

  @BeforeAll
  static void measure() throws IOException {
    assumeTrue(NativeHeap.now().isPresent(), "this system does not say what is allocated");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-Xint"));
    command.addAll(List.of("-Doffline=true", "-cp", System.getProperty("java.class.path")));
    command.add(MemoryGrowth.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"step", "recompute", "picture", "djl-step", "prediction"})
  void memoryStaysFlat(String name) {
    assertTrue(report.contains(name + " "), report);
    try (Scanner scanner = new Scanner(report.substring(report.indexOf(name + " ")))) {
      double growth = Double.parseDouble(scanner.skip(name + " ").next());
      assertTrue(growth < KILOBYTES, "%s grows by %s kB".formatted(name, growth));
    }
  }
}
