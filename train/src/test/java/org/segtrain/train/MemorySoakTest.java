package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs {@link MemorySoak} for seconds; {@code tools/memory-soak.sh} runs it for long. */
@Tag("slow")
final class MemorySoakTest {

  private static final List<String> COUNTS =
      List.of("EVALUATION", "40", "RUNS", "5", "THREADS", "4", "TOGETHER", "6");

  private static String report = "";

  @BeforeAll
  static void soak() throws IOException {
    assumeTrue(NativeHeap.now().isPresent(), "this system does not say what is allocated");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Doffline=true", "-cp", System.getProperty("java.class.path")));
    command.add(MemorySoak.class.getName());
    command.addAll(COUNTS);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** In seconds each thread gets memory of its own, so only the long soak says how it grows. */
  @Test
  void sixteenThreadsGetEqualAnswers() {
    assertTrue(report.contains("THREADS resident "), report);
  }

  /** A scale of scores has 12 kB, weights have 50 MB. That answers are equal, the soak checks. */
  @ParameterizedTest
  @CsvSource({"EVALUATION, 10", "RUNS, 2000", "TOGETHER, 2000"})
  void memoryStaysFlatAndAnswersStayEqual(MemorySoak.Way way, double kilobytes) {
    Matcher line = Pattern.compile(way + " .* allocated (-?[\\d.]+) \\+-").matcher(report);
    assertTrue(line.find(), report);
    double growth = Double.parseDouble(line.group(1));
    assertTrue(growth < kilobytes, report);
  }
}
