package org.segtrain.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.LearningRate;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.train.TinyRuns;

final class TrainConfigTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"iterations": 0}    | iterations must be at least 1, but is 0
          {"batch": 0}         | batch must be at least 1, but is 0
          {"accumulate": -2}   | accumulate must be at least 1, but is -2
          {"crop": 31}         | crop must be at least 32, but is 31
          {"batch": 1, "head": "upernet", "crop": 512} | batch must be at least 2 with upernet, since batch normalisation needs two values of what it pools, but is 1
          {"batch": 1}         | crop must be at least 64 with batch 1, since batch normalisation needs two values, but is 32
          {"warmup": -1}       | warmup must be at least 0, but is -1
          {"evalEvery": 0}     | eval-every must be at least 1, but is 0
          {"minScale": 0}      | min-scale must be above 0, but is 0.0
          {"maxScale": 0.25}   | max-scale must be at least min-scale, but they are 0.25 and 0.5
          {"learningRate": 0}  | lr must be above 0, but is 0.0
          {"power": 0}         | power must be above 0, but is 0.0
          {"clip": -1}         | clip must be above 0, but is -1.0
          {"fineTuning": {"layerDecay": 0}} | layer-decay must be above 0 and at most 1, but is 0.0
          {"fineTuning": {"layerDecay": 1.5}} | layer-decay must be above 0 and at most 1, but is 1.5
          {"fineTuning": {"ema": 1}} | ema must be at least 0 and below 1, but is 1.0
          {"weightDecay": -1}  | weight-decay must not be negative, but is -1.0
          """)
  void impossibleNumbersAreRefusedByName(String json, String sentence) {
    var refused = assertThrows(IllegalArgumentException.class, () -> TinyRuns.config(json));
    assertEquals(sentence, refused.getMessage());
  }

  @Test
  void survivesJson() throws JsonProcessingException {
    TrainConfig config =
        TinyRuns.config(
            """
            {"seed": 9007199254740993, "precision": "bf16", "learningRate": 0.1, "data": "a/b",
             "groups": {"rules": [{"pattern": "head", "learningRate": 10, "decay": null}]},
             "fineTuning": {"freeze": ["^backbone"], "layerDecay": 0.75, "ema": 0.999}}
            """);
    assertEquals(9007199254740993L, config.seed());
    assertEquals(Precision.BF16, config.precision());
    assertEquals(List.of(new ParameterGroups.Rule("head", 10.0, null)), config.groups().rules());
    assertEquals(new FineTuning(List.of("^backbone"), 0.75, 0.999), config.fineTuning());
    assertEquals(config, Json.read(Json.line(config), TrainConfig.class));
    assertEquals(config, Json.read(Json.page(config), TrainConfig.class));
  }

  @Test
  void whatWasWrittenBeforeThereWasAChoiceIsRead() throws JsonProcessingException {
    String json =
        Json.line(TinyRuns.CONFIG)
            .replace("\"images\":\"aligned\",", "")
            .replace("\"power\":0.9,", "")
            .replace("\"lossMean\":\"valid\",", "")
            .replace("\"decay\":\"matrices\",", "")
            .replace(",\"fineTuning\":{\"freeze\":[],\"layerDecay\":1.0,\"ema\":0.0}", "");
    assertThrows(JsonProcessingException.class, () -> Json.read(json, TrainConfig.class));
    assertEquals(TinyRuns.CONFIG, TrainConfig.read(json));
    String without = json.replace("\"seed\":7,", "");
    assertThrows(JsonProcessingException.class, () -> TrainConfig.read(without));
    assertThrows(JsonProcessingException.class, () -> TrainConfig.read("[]"));
  }

  @Test
  void noClippingSurvivesJson() throws JsonProcessingException {
    TrainConfig config = TinyRuns.config("{\"clip\": \"Infinity\", \"images\": \"hrformer\"}");
    assertEquals(Double.POSITIVE_INFINITY, config.clip());
    assertEquals(ImageRules.HRFORMER, config.images());
    assertEquals(config, TrainConfig.read(Json.line(config)));
  }

  @Test
  void theScheduleIsThatOfTheConfiguration() {
    assertEquals(new LearningRate(1e-3, 4, 0.9, 2), TinyRuns.CONFIG.schedule());
  }
}
