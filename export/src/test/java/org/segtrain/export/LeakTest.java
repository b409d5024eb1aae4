package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs {@link CallLoop} in a process whose Java heap is all there from the start, and which gives
 * freed memory back at once. {@code -Dleaks.factor=50} makes its loops longer.
 */
@Tag("slow")
@EnabledIfSystemProperty(named = "leaks.factor", matches = "\\d+") // it takes minutes
final class LeakTest {

  private static final Pattern LINE = Pattern.compile("(.+): (.+); (-?[\\d.]+) kB in (\\d+) calls");
  private static final String FORGETS = "forgets";

  /** The arrays that calls work on have 128 kB; 76 kB were seen where nothing was left. */
  private static final double KILOBYTES = 100;

  /** Calls of a window of which memory says something. */
  private static final int ENOUGH = 10;

  /** A line of the report. */
  private record Line(String call, String left, double kilobytes, int calls) {}

  @TempDir private static Path folder;

  private static String report = "";

  @BeforeAll
  static void makeCalls() throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")), "this system does not say what is held");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    command.addAll(List.of("-Doffline=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(CallLoop.class.getName(), folder.toString()));
    command.add(System.getProperty("leaks.factor", "1"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "16384"); // freed maps are given back
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "0");
    Process process = builder.start();
    report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    report += "exit code %d%n".formatted(process.waitFor());
  }

  private static List<Line> lines() {
    assertTrue(report.contains(CallLoop.END), report);
    List<Line> lines = new ArrayList<>();
    Matcher line = LINE.matcher(report);
    while (line.find()) {
      lines.add(
          new Line(
              line.group(1),
              line.group(2),
              Double.parseDouble(line.group(3)),
              Integer.parseInt(line.group(4))));
    }
    return lines;
  }

  @Test
  void aCallLeavesNothingBehind() {
    List<Line> left =
        lines().stream()
            .filter(line -> !line.call().startsWith(FORGETS) && !line.left().equals("nothing"))
            .toList();
    assertEquals(List.of(), left);
  }

  @Test
  void callsInALoopLeaveResidentMemoryFlat() {
    List<Line> growing =
        lines().stream()
            .filter(line -> !line.call().startsWith(FORGETS) && line.calls() >= ENOUGH)
            .filter(line -> line.kilobytes() > KILOBYTES)
            .toList();
    assertEquals(List.of(), growing);
  }

  @ParameterizedTest
  @CsvSource({
    "an array, '1 arrays, 1 unclosed'",
    "a detached array, 1 unclosed",
    "a scope, 1 scopes",
    "a module, '1 scopes, 1 modules'",
    "a file, 1 files",
    "a thread, 1 threads"
  })
  void whatACallForgetsIsSeen(String what, String left) {
    List<Line> found =
        lines().stream().filter(line -> line.call().equals(FORGETS + " " + what)).toList();
    assertEquals(List.of(left), found.stream().map(Line::left).toList());
  }
}
