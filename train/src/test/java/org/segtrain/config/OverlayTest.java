package org.segtrain.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.train.TinyRuns;

final class OverlayTest {

  private static final Overlay ALL = Overlay.of("all", TinyRuns.CONFIG);

  @TempDir Path folder;

  @Test
  void itsTextsAreItsValuesInAnotherProcess() {
    Overlay overlay =
        Overlay.of("option")
            .with("evaluation.scales", List.of(0.5, 1))
            .with("evaluation.flip", true);
    Overlay other = Overlay.of("other", overlay.texts());
    assertEquals(overlay.values(), other.values());
    assertEquals(Map.of("evaluation.flip", "true", "evaluation.scales", "[0.5,1]"), other.texts());
    assertThrows(UsageException.class, () -> Overlay.of("other", Map.of("data.crop", "{")));
    assertThrows(UsageException.class, () -> Overlay.of("other", Map.of("data.crops", "1")));
  }

  @Test
  void theHighestLayerThatHasAValueDecidesAndIsItsOrigin() {
    Overlay low = Overlay.of("low").with("schedule.batch", 3).with("data.crop", 64);
    Overlay high = Overlay.of("high").with("schedule.batch", 5);
    Configuration laid = Configuration.of(List.of(ALL, low, high));
    assertEquals(5, laid.config().schedule().batch());
    assertEquals(ImageSize.square(64), laid.config().data().crop());
    assertEquals(
        Map.of("schedule.batch", "high", "data.crop", "low", "run.seed", "all"),
        Map.of(
            "schedule.batch", laid.origins().get("schedule.batch"),
            "data.crop", laid.origins().get("data.crop"),
            "run.seed", laid.origins().get("run.seed")));
  }

  @Test
  void everyKeyHasAnOriginInTheOrderOfTheRecords() {
    assertEquals(Keys.all(), List.copyOf(Configuration.of(List.of(ALL)).origins().keySet()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"schedule": {"bach": 4}}             | unknown key "schedule.bach"; did you mean schedule.batch?
          {"shedule": {"batch": 4}}             | unknown key "shedule"; did you mean schedule?
          {"loss": {"meen": "all"}}             | unknown key "loss.meen"; did you mean loss.mean?
          {"optimizer": {"lossMean": "all"}}    | unknown key "optimizer.lossMean"; did you mean loss.mean?
          {"optimizer": {"batch": 4}}           | unknown key "optimizer.batch"; did you mean schedule.batch?
          {"modle": {"backbone": "x"}}          | unknown key "modle"; did you mean model?
          {"backbone": "x", "iteration": 4}     | unknown key "iteration"; did you mean schedule.iterations?
          {"optimizer": {"groups": {"decay": "matrices", "rules": [], "rulez": []}}} | unknown key "optimizer.groups.rulez"; did you mean rules? Known: decay, rules
          {"optimizer": {"groups": {"decay": "matrices", "rules": [{"pattern": "a", "learningRate": 1, "decay": 1, "rate": 1}]}}} | unknown key "optimizer.groups.rules.0.rate"; known: decay, learningRate, pattern
          {"optimizer": {"groups": {"decay": "matrices", "rules": [1]}}} | optimizer.groups.rules.0 must be an object, as in the config.json of a run, but is 1
          {"optimizer": {"groups": {}}}         | optimizer.groups.decay is missing; give it
          {"nothingLikeIt": 4}                  | unknown key "nothingLikeIt"; docs/configuration.md lists the keys
          {"schedule": {"batch": "four"}}       | schedule.batch must be a whole number up to 2147483647, but is "four"
          {"schedule": {"batch": 2.5}}          | schedule.batch must be a whole number up to 2147483647, but is 2.5
          {"schedule": {"batch": 99999999999.0}} | schedule.batch must be a whole number up to 2147483647, but is 99999999999
          {"schedule": {"batch": 1e300}}        | schedule.batch must be a whole number up to 2147483647, but is 1.0E300
          {"run": {"seed": 5.5}}                | run.seed must be a whole number, but is 5.5
          {"files": {"voids": [0.5]}}           | files.voids must be a list of whole numbers, but is [0.5]
          {"data": {"parts": ["b"]}}            | data.parts must be a list of folders such as {"path": "my/images", "weight": 0.5}, but is ["b"]
          {"data": {"parts": [{"path": "b"}]}}  | data.parts.0.weight is missing; give it
          {"schedule": {"batch": "4"}}          | schedule.batch must be a whole number up to 2147483647, but is "4"
          {"schedule": {"batch": null}}         | schedule.batch must be a whole number up to 2147483647, but is null
          {"schedule": {"batch": 99999999999}}  | schedule.batch must be a whole number up to 2147483647, but is 99999999999
          {"schedule": 4}                       | schedule must be a section of values, but is 4
          {"data": {"photometric": "yes"}}      | data.photometric must be true or false, but is "yes"
          {"data": {"images": "alinged"}}       | unknown data.images "alinged"; did you mean aligned? Known: aligned, exact, hrformer, openseg
          {"optimizer": {"learningRate": [1]}}  | optimizer.learningRate must be a number, but is [1]
          {"fineTuning": {"freeze": "^head"}}   | fineTuning.freeze must be a list of texts, but is "^head"
          {"fineTuning": {"freeze": [null]}}    | fineTuning.freeze must be a list of texts, but is [null]
          {"fineTuning": {"rules": [null]}}     | fineTuning.rules must be a list of rules such as {"pattern": "head", "learningRate": 10, "decay": null}, but is [null]
          {"run": {"precision": 1}}             | run.precision must be a text, but is 1
          {"model": {"head": null}}             | model.head must be a text, but is null
          {"model": {"head": 3}}                | model.head must be a text, but is 3
          {"optimizer": {"weightDecay": "Infinity"}} | optimizer.weightDecay must be from 0 to 1000, but is Infinity
          {"seed": 1, "seed": 2}                | this is not JSON: the key 'seed' stands twice at line 1, column 19
          {"seed": 1                            | this is not JSON: it is wrong at line 1, column 11
          {"fineTuning": {"freeze": ["("]}}     | ( is no regular expression: unclosed group at character 2
          """)
  void whatIsNoValueOfAKeyIsRefusedWithTheKey(String json, String sentence) {
    var refused = assertThrows(UsageException.class, () -> TinyRuns.config(json));
    assertEquals(sentence, refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "4",
        "{\"schedule\": {\"bach\": 4}}",
        "{} {}",
        "{\"config\": {\"seed\": 1}, \"seed\": 2}",
        "{\"seed\": 1, \"seed\": 2}",
        "// no\n{}",
        "[[[["
      })
  void aFileThatIsNoConfigurationIsRefusedByName(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.json"), text);
    String message = assertThrows(DataException.class, () -> ConfigFile.read(file)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertEquals(0, message.indexOf(file.toString()), message);
  }

  @Test
  void aFileMayBeginWithAByteOrderMark() throws Exception {
    Path file = Files.writeString(folder.resolve("mine.json"), "\uFEFF{\"seed\": 4}");
    assertEquals(4, TinyRuns.CONFIG.with(ConfigFile.read(file)).run().seed());
    Files.write(file, "{\"seed\": 4}".getBytes(StandardCharsets.UTF_16));
    String message = assertThrows(DataException.class, () -> ConfigFile.read(file)).getMessage();
    assertEquals(file + " is no UTF-8 text; save it as UTF-8", message);
  }

  @Test
  void theConfigurationOfARunIsReadAsAFile() throws Exception {
    String json = "{\"config\": %s, \"classes\": [\"a\"]}".formatted(Json.page(TinyRuns.CONFIG));
    Path file = Files.writeString(folder.resolve("config.json"), json);
    assertEquals(TinyRuns.CONFIG, Configuration.of(List.of(ConfigFile.read(file))).config());
    assertEquals(TinyRuns.CONFIG, ConfigFile.ofRun(file));
  }
}
