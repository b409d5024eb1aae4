package org.segtrain.serving;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs {@link PredictorSoak} in a process whose Java heap cannot grow, so that the rest is native.
 * What the virtual machine takes for itself at times is taken for growth once; a leak is there in
 * every process.
 */
@Tag("slow")
final class PredictorSoakTest {

  private static final String PREDICTIONS = "6000";

  /** The smaller of a prediction's two arrays has 64 x 64 bytes. */
  private static final double BYTES = 2048;

  @TempDir static Path temporary;
  private static Path folder;
  private static String report = "";

  @BeforeAll
  static void predictOnce() throws IOException {
    assumeTrue(Files.exists(PredictorSoak.STATM), "this system has no " + PredictorSoak.STATM);
    folder = Brightest.folder(temporary.resolve("model"), "engine=PyTorch");
    report = predict();
  }

  private static String predict() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Doffline=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(PredictorSoak.class.getName(), folder.toString(), PREDICTIONS));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "16384"); // freed maps are given back
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "0");
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void predictionsFromSeveralThreadsAreEqualAndLeaveMemoryFlat(PredictorSoak.Way way)
      throws IOException {
    double growth = growth(report, way);
    if (growth >= BYTES) {
      growth = growth(predict(), way);
    }
    assertTrue(growth < BYTES, "memory grows by %s bytes a prediction".formatted(growth));
  }

  private static double growth(String report, PredictorSoak.Way way) {
    assertTrue(report.contains(way + " "), report);
    try (Scanner scanner = new Scanner(report.substring(report.indexOf(way + " ")))) {
      return Double.parseDouble(scanner.skip(way + " ").next());
    }
  }
}
