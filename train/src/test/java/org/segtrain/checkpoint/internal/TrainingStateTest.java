package org.segtrain.checkpoint.internal;

import static org.segtrain.data.Refusals.assertRefused;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.train.TinyRuns;

final class TrainingStateTest {

  private static final Path FILE = Path.of("last.safetensors");
  private static final List<String> CLASSES = List.of("sky", "tree", "road");

  @TempDir Path folder;

  @Test
  void aRunOfTheSameModelIsAccepted() {
    TrainConfig other =
        TinyRuns.config("{\"learningRate\": 7, \"batch\": 9, \"iterations\": 3, \"data\": \"x\"}");
    saved().refuseUnlessContinuedBy(TrainingState.first(other, CLASSES), FILE);
  }

  @Test
  void anotherModelIsRefusedWithBothValues() {
    refused(
        "{\"backbone\": \"pvt_small\"}",
        CLASSES,
        "backbone pvt_tiny",
        "has pvt_small",
        "another folder");
    refused("{\"head\": \"segformer\"}", CLASSES, "head fpn", "has segformer", "another folder");
  }

  @Test
  void otherClassesAreRefusedWithTheFirstThatDiffers() {
    refused("{}", List.of("sky"), "number of classes 3", "this run has 1");
    refused("{}", List.of("sky", "bush", "way"), "class 1 \"tree\"", "this run has \"bush\"");
  }

  @Test
  void otherFrozenParametersOrAveragingOnlyNowAreRefused() {
    refused(
        "{\"fineTuning\": {\"freeze\": [\"^neck\"], \"layerDecay\": 1, \"ema\": 0}}",
        CLASSES,
        "has fineTuning.freeze [], but this run has [^neck]");
    refused(
        "{\"fineTuning\": {\"freeze\": [], \"layerDecay\": 1, \"ema\": 0.9}}",
        CLASSES,
        "has averaged weights (fineTuning.ema): no, but this run has yes");
    TrainConfig slower =
        TinyRuns.config("{\"fineTuning\": {\"freeze\": [], \"layerDecay\": 0.5, \"ema\": 0}}");
    saved().refuseUnlessContinuedBy(TrainingState.first(slower, CLASSES), FILE);
  }

  @Test
  void fewerIterationsThanWereMadeAreRefused() {
    refused("{\"iterations\": 2}", CLASSES, "has made 3 steps", "schedule.iterations is 2");
  }

  @Test
  void aFileOfAnotherKindOrVersionIsRefused() {
    refusedStrings(Map.of(), "has no entry \"format\"");
    refusedStrings(Map.of("format", "segtrain 2"), "format \"segtrain 2\"", "\"segtrain 1\"");
    Map<String, String> strings = new HashMap<>();
    strings.put("format", "segtrain 1");
    strings.put("config", "{\"backbone\": 3}");
    strings.put("classes", "[]");
    refusedStrings(strings, "has a configuration that this version cannot read");
    strings.put("config", Json.line(TinyRuns.CONFIG));
    strings.put("step", "three");
    refusedStrings(strings, "has a configuration that this version cannot read");
  }

  @ParameterizedTest
  @CsvSource({"-1, 0.5", "3, NaN", "3, Infinity"})
  void numbersThatNoTrainingWritesAreRefused(String step, String best) {
    Map<String, String> strings = new HashMap<>();
    strings.put("format", "segtrain 1");
    strings.put("config", Json.line(TinyRuns.CONFIG));
    strings.put("classes", "[\"a\"]");
    strings.put("step", step);
    strings.put("best_mean_iou", best);
    refusedStrings(strings, "is of step " + step, "the best figure " + best, "take another");
  }

  private static void refused(String json, List<String> classes, String... parts) {
    TrainingState now = TrainingState.first(TinyRuns.config(json), classes);
    assertRefused(() -> saved().refuseUnlessContinuedBy(now, FILE), parts);
  }

  private void refusedStrings(Map<String, String> strings, String... parts) {
    Path file = folder.resolve("some.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Checkpoint.write(file, strings, Map.of("a", manager.ones(new Shape(2))));
    }
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertRefused(() -> TrainingState.of(checkpoint), parts);
    }
  }

  private static TrainingState saved() {
    return new TrainingState(TinyRuns.CONFIG, CLASSES, 3, 0.5, 2);
  }
}
