package org.segtrain.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jazzer on each target for {@code -Dfuzz.seconds}, in the profile {@code fuzz}, which has it. It
 * begins with the seeds and with the files in {@code src/test/resources/found}, keeps what reaches
 * new code in {@code target/corpus}, and leaves a file that is answered badly in {@code target}.
 */
@EnabledIfSystemProperty(named = "fuzz.seconds", matches = "\\d+")
final class GuidedTest {

  private static final Path CORPUS = Path.of("target", "corpus");

  @ParameterizedTest
  @EnumSource
  void noFileIsAnsweredBadly(Target target) throws IOException, InterruptedException {
    assumeTrue(target.isChosen());
    Path corpus = Files.createDirectories(CORPUS.resolve(target.name()));
    Path seeds = Files.createDirectories(CORPUS.resolve(target + "-seeds"));
    int number = 0;
    for (byte[] seed : target.seeds(Files.createTempDirectory(CORPUS, "beside"))) {
      Files.write(seeds.resolve("%d".formatted(number++)), seed);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Xss1m",
                "-Dai.djl.offline=true",
                "-D%s=%s".formatted(Guided.TARGET, target),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Guided.class.getName(),
                "--instrumentation_includes=org.segtrain.**:com.twelvemonkeys.**:com.drew.**",
                "--reproducer_path=target",
                "-artifact_prefix=target/" + target + "-",
                "-max_total_time=" + System.getProperty("fuzz.seconds"),
                "-timeout=20", // of the wall; the target counts two seconds of the processor
                "-max_len=20000",
                corpus.toString(),
                seeds.toString()));
    if (Files.isDirectory(MutationsTest.FOUND.resolve(target.name()))) {
      command.add(MutationsTest.FOUND.resolve(target.name()).toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String end =
        Stream.of(out.split("\n"))
            .skip(Math.max(0, out.lines().count() - 40))
            .reduce("", (a, b) -> a + "\n" + b);
    System.out.println(target + ":" + end);
    assertEquals(0, process.waitFor(), end);
    assertTrue(out.contains("Done "), end);
  }
}
