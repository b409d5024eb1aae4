package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.tensors.TensorFile;

/** Runs of several processes, beside those of one with as many forward passes in a step. */
@Tag("slow")
final class SharedTrainingTest {

  private static final String OWN_NORMS = "\"run\": {\"syncBatchNorm\": false}";

  @TempDir static Path folder;

  private static RunFolder alone; // two passes in a step

  @BeforeAll
  static void train() {
    alone = TinyRuns.run(TinyRuns.config(passes(2)), TinyData.STANDARD, 1, folder.resolve("alone"));
  }

  private static String passes(int each) {
    return "{\"schedule\": {\"accumulate\": %d}, %s}".formatted(each, OWN_NORMS);
  }

  @Test
  void twoProcessesGiveTheBitsOfOneWithTwiceThePasses() throws Exception {
    Path dir = folder.resolve("two");
    assertAllEndWell(SharedTraining.run(2, dir, passes(1)));
    assertEquals(log(alone), log(new RunFolder(dir)));
    assertEquals(0, largestDifference(alone, new RunFolder(dir)));
  }

  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void fourProcessesGiveTheSameUpToTheOrderOfSums() throws Exception {
    RunFolder four =
        TinyRuns.run(TinyRuns.config(passes(4)), TinyData.STANDARD, 1, folder.resolve("of-four"));
    Path dir = folder.resolve("four");
    assertAllEndWell(SharedTraining.run(4, dir, passes(1)));
    double difference = largestDifference(four, new RunFolder(dir));
    double step = TinyRuns.CONFIG.optimizer().learningRate(); // Adam's, however small a gradient
    assertTrue(difference > 0 && difference < step, "" + difference);
  }

  @Test
  void aProcessThatFailsEndsAllWithItsName() throws Exception {
    endsAll(SharedTraining.Fate.FAILS, "rank 1 on \\S+ failed: picture-3.png is damaged");
  }

  @EnabledIfSystemProperty(
      named = "tests.all",
      matches = "true") // see ProcessesTest of the command
  @Test
  void aProcessThatDiesEndsAllAndTheyGoOnToTheSameBits() throws Exception {
    Path dir =
        endsAll(SharedTraining.Fate.DIES, "rank 1 on \\S+ died or answers no more, for \\d+ s");
    assertAllEndWell(SharedTraining.run(2, dir, passes(1)));
    assertEquals(0, largestDifference(alone, new RunFolder(dir)));
  }

  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void aProcessThatHangsEndsAll() throws Exception {
    endsAll(SharedTraining.Fate.HANGS, "rank 1 on \\S+ made no progress for \\d+ s");
  }

  private static Path endsAll(SharedTraining.Fate fate, String sentence) throws Exception {
    Path dir = folder.resolve("fails-" + fate);
    List<SharedTraining.End> ends =
        SharedTraining.run(2, dir, passes(1), fate.toString(), "7"); // of 8 samples
    assertEquals(1, ends.get(0).code());
    assertTrue(ends.get(0).said().strip().matches(sentence), ends.get(0).said());
    assertTrue(ends.get(1).code() != 0);
    return dir;
  }

  @EnabledIfSystemProperty(named = "tests.all", matches = "true") // see SyncBatchNormTest
  @Test
  void batchNormsNormaliseOverTheBatchesOfAllProcesses() throws Exception {
    String json =
        """
        {"model": {"dropPath": 0, "dropout": 0},
         "schedule": {"accumulate": 1, "batch": %d}, "run": {"syncBatchNorm": %b}}
        """;
    RunFolder whole =
        TinyRuns.run(
            TinyRuns.config(json.formatted(4, true)), TinyData.STANDARD, 1, folder.resolve("of4"));
    Path together = folder.resolve("together");
    assertAllEndWell(SharedTraining.run(2, together, json.formatted(2, true)));
    TrainConfig halves = TinyRuns.config(json.formatted(2, false)).with("schedule.accumulate", 2);
    RunFolder apart = TinyRuns.run(halves, TinyData.STANDARD, 1, folder.resolve("apart"));
    double sum = largestDifference(whole, new RunFolder(together));
    double each = largestDifference(whole, apart);
    assertTrue(sum < 1e-4 && each > 10 * sum, sum + " and " + each);
  }

  @Test
  void aConfigurationThatDiffersIsNamedByAll() throws Exception {
    List<SharedTraining.End> ends =
        SharedTraining.run(2, folder.resolve("other"), passes(1), "DIFFERS", "0");
    for (SharedTraining.End end : ends) {
      assertEquals(1, end.code());
      assertTrue(
          end.said()
              .strip()
              .matches(
                  "rank 0 on (\\S+) and rank 1 on \\1 differ in run.seed: 7 and 8; give all processes"
                      + " the same"),
          end.said());
    }
  }

  private static void assertAllEndWell(List<SharedTraining.End> ends) {
    ends.forEach(end -> assertEquals(new SharedTraining.End(0, ""), end));
  }

  private static List<String> log(RunFolder run) throws IOException {
    return Files.readAllLines(run.log()).stream()
        .map(line -> line.replaceFirst("\"images_per_s.*", ""))
        .toList();
  }

  private static double largestDifference(RunFolder one, RunFolder other) {
    Map<String, float[]> expected = arrays(one);
    Map<String, float[]> found = arrays(other);
    assertEquals(expected.keySet(), found.keySet());
    return expected.keySet().stream()
        .mapToDouble(name -> difference(expected.get(name), found.get(name)))
        .max()
        .orElseThrow();
  }

  private static double difference(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  private static Map<String, float[]> arrays(RunFolder run) {
    Map<String, float[]> arrays = new HashMap<>();
    try (TensorFile file = TensorFile.open(run.last());
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (String name : file.tensors().keySet()) {
        NDArray array = file.read(manager, name);
        arrays.put(name, array.toType(DataType.FLOAT32, false).toFloatArray());
      }
    }
    return arrays;
  }
}
