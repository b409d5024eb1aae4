package org.segtrain.spark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.spark.OnSpark.Outcome;

class SegtrainSparkTest {

  private static final Path HELP = Path.of("src/test/resources/org/segtrain/spark");

  @ParameterizedTest
  @ValueSource(strings = {"help", "help predict", "help eval"})
  void theHelpIsTheReviewedOne(String name) throws IOException {
    String[] words = (name.replaceFirst("help ?", "") + " --help").strip().split(" ");
    Outcome help = OnSpark.command((Object[]) words);
    assertEquals(0, help.code(), help.err());
    Path reviewed = HELP.resolve(name.replace(' ', '-') + ".txt");
    assertEquals(Files.readString(reviewed), help.out());
  }

  @Test
  void withoutSparkItIsOneSentence() throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("/org/apache/"))
            .collect(Collectors.joining(File.pathSeparator));
    Process java =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                classPath,
                SegtrainSpark.class.getName(),
                "predict",
                "--help")
            .redirectErrorStream(true)
            .start();
    String text = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertEquals(2, java.waitFor(), text);
    assertTrue(text.contains("start this by spark-submit"), text);
    assertEquals(1, text.lines().count(), text);
  }

  /** They are of other types in Scala 2.12, which Spark 3.5 comes with, and in 2.13. */
  @Test
  void noClassTakesACollectionOfScala() throws Exception {
    Path classes =
        Path.of(SegtrainSpark.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertTrue(all.size() > 20);
      for (Path file : all) {
        assertFalse(Files.readString(file, ISO_8859_1).contains("scala/collection"), "" + file);
      }
    }
  }

  @Test
  void theEndOfAJobIsOneSentence() {
    String lost =
        "Job aborted due to stage failure: Task 2 in stage 1.0 failed 4 times, most recent failure:"
            + " Lost task 2.3 in stage 1.0 (TID 3) (host executor 1): ExecutorLostFailure (executor 1"
            + " exited caused by one of the running tasks) Reason: Command exited with code 137\n"
            + "Driver stacktrace:";
    assertEquals(
        "Spark gave up after it lost executors: Command exited with code 137; give them more memory"
            + " beside the heap (spark.executor.memoryOverhead), and run again: finished images are"
            + " kept",
        Driver.brief(new SparkException(lost)).getMessage());
    assertEquals(
        "Spark gave up: Job aborted; run again: finished images are kept",
        Driver.brief(new SparkException("Job aborted\nDriver stacktrace:")).getMessage());
    IllegalStateException bug = new IllegalStateException("x");
    assertSame(bug, Driver.brief(bug));
  }
}
