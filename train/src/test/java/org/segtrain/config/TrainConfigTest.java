package org.segtrain.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.MoreAugmentation;
import org.segtrain.config.internal.Json;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.LearningRate;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.optim.RateDecay;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

final class TrainConfigTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"iterations": 0}    | schedule.iterations must be at least 1, but is 0
          {"batch": 0}         | schedule.batch must be at least 1, but is 0
          {"accumulate": -2}   | schedule.accumulate must be at least 1, but is -2
          {"crop": 31}         | data.crop must be at least 32 x 32 pixels, but is 31
          {"batch": 1, "head": "upernet", "crop": 512} | schedule.batch must be at least 2 with upernet, since batch normalisation needs two values of what it pools, but is 1
          {"batch": 1}         | data.crop must be at least 64 with schedule.batch 1, since batch normalisation needs two values, but is 32
          {"warmup": -1}       | schedule.warmup must be at least 0, but is -1
          {"evalEvery": 0}     | schedule.evalEvery must be at least 1, but is 0
          {"minScale": 0}      | data.minScale must be from 0.01 to 100, but is 0.0
          {"maxScale": 0.25}   | data.maxScale must be at least data.minScale, but they are 0.25 and 0.5
          {"maxScale": "Infinity"} | data.maxScale must be from 0.01 to 100, but is Infinity
          {"data": {"path": "a", "parts": [{"path": "b", "weight": 1}]}} | data.path is a, but data.parts has 1 folder too; leave one of them empty
          {"data": {"parts": [{"path": "b", "weight": 1}, {"path": "b", "weight": 2}]}} | data.parts has b twice; give it once, with the weight 2
          {"data": {"parts": [{"path": "b", "weight": 0}]}} | a weight of data.parts must be above 0 and at most 1000, but is 0.0
          {"data": {"parts": [{"path": "", "weight": 1}]}} | data.parts has a part whose path is empty; name its folder
          {"data": {"rareClasses": -1}} | data.rareClasses must be from 0 to 1000, but is -1.0
          {"augmentation": {"rotation": 200}} | augmentation.rotation must be from 0 to 180, but is 200
          {"augmentation": {"brightness": 256}} | augmentation.brightness must be from 0 to 255, but is 256
          {"augmentation": {"contrast": 1.5}} | augmentation.contrast must be from 0 to 1, but is 1.5
          {"augmentation": {"saturation": "NaN"}} | augmentation.saturation must be from 0 to 1, but is NaN
          {"augmentation": {"hue": -1}} | augmentation.hue must be from 0 to 90, but is -1
          {"augmentation": {"hue": 1.5}} | augmentation.hue must be a whole number up to 2147483647, but is 1.5
          {"augmentation": {"blur": 2}} | augmentation.blur must be from 0 to 1, but is 2
          {"augmentation": {"blurSigma": 0}} | augmentation.blurSigma must be from 0.1 to 100, but is 0
          {"augmentation": {"erasing": -0.5}} | augmentation.erasing must be from 0 to 1, but is -0.5
          {"augmentation": {"erasingArea": 0.01}} | augmentation.erasingArea must be from 0.02 to 1, but is 0.01
          {"augmentation": {"hue": 5}} | data.photometric is true, so colours change already, but augmentation.hue is 5; turn data.photometric off, or leave it 0
          {"augmentation": {"hue": 5, "contrast": 0.5}} | data.photometric is true, so colours change already, but augmentation.contrast and augmentation.hue are 0.5 and 5; turn data.photometric off, or leave them 0
          {"learningRate": 0}  | optimizer.learningRate must be above 0 and at most 1000, but is 0.0
          {"learningRate": "NaN"} | optimizer.learningRate must be above 0 and at most 1000, but is NaN
          {"power": 0}         | schedule.power must be above 0 and at most 100, but is 0.0
          {"clip": -1}         | optimizer.clip must be above 0, but is -1.0
          {"labelSmoothing": 1} | loss.labelSmoothing must be at least 0 and below 1, but is 1.0
          {"loss": {"terms": "ce+x"}} | loss.terms is "ce+x": unknown term "x"; known: ce, ohem, focal, boundary, dice, tversky, lovasz
          {"loss": {"auxiliary": "-"}} | loss.auxiliary must be a sum of terms such as ce+0.5*lovasz, but is "-"; the terms are ce, ohem, focal, boundary, dice, tversky, lovasz
          {"loss": {"terms": "dice", "labelSmoothing": 0.1}} | loss.labelSmoothing is 0.1, but loss.terms dice has no cross-entropy; add ce, or leave it 0
          {"optimizer": {"minimumRate": 1}} | optimizer.minimumRate must be from 0 to optimizer.learningRate, but they are 1.0 and 0.001
          {"optimizer": {"momentum": 1}} | optimizer.momentum must be at least 0 and below 1, but is 1.0
          {"optimizer": {"nesterov": true}} | optimizer.nesterov needs optimizer.kind sgd and optimizer.momentum above 0, but they are adamw and 0.9
          {"schedule": {"decay": "step"}} | schedule.decay is step, but schedule.milestones is empty; give the steps at which the learning rate falls
          {"schedule": {"milestones": [5, 5]}} | schedule.milestones must be steps from 1 on in rising order, but are [5, 5]
          {"schedule": {"stepFactor": 0}} | schedule.stepFactor must be above 0 and at most 100, but is 0.0
          {"model": {"head": "", "oneLogit": true}} | model.oneLogit is for a published head, but pvt_tiny is a whole model of your own; let it give the scores of 2 classes, and leave model.oneLogit false
          {"model": {"oneLogit": 1}} | model.oneLogit must be true or false, but is 1
          {"threads": 0}       | run.threads must be from 1 to 1024, but is 0
          {"threads": 100000}  | run.threads must be from 1 to 1024, but is 100000
          {"accumulate": 2147483647} | a step has schedule.batch x schedule.accumulate x schedule.processes images, at most 1048576, but they are 2 x 2147483647 x 1; lower one
          {"fineTuning": {"layerDecay": 0}} | fineTuning.layerDecay must be above 0 and at most 1, but is 0.0
          {"fineTuning": {"layerDecay": 1.5}} | fineTuning.layerDecay must be above 0 and at most 1, but is 1.5
          {"fineTuning": {"ema": 1}} | fineTuning.ema must be at least 0 and below 1, but is 1.0
          {"files": {"splitValidation": 1.1}} | files.splitValidation must be from 0 to 1, but is 1.1
          {"files": {"splits": ["train", "train"]}} | files.splits gives two splits one name, train,train; give each its own
          {"files": {"splits": ["train"]}} | files.splits must have the names for training and validation, and perhaps test, as in train,val,test, but has 1: [train]
          {"files": {"voids": [70000]}} | files.first and files.voids are values of masks, from 0 to 65535, but one is 70000
          {"files": {"voids": ["a"]}} | files.voids must be a list of whole numbers, but is ["a"]
          {"files": {"palette": ["red"]}} | files.palette has colours such as #4682b4, but one is "red"
          {"files": {"images": "{name}"}} | files.images and files.masks go together, but files.masks is missing; give both
          {"files": {"lists": "train.txt"}} | files.lists must have {split}, as in splits/{split}.txt, but is "train.txt"
          {"weightDecay": -1}  | optimizer.weightDecay must be from 0 to 1000, but is -1.0
          """)
  void impossibleNumbersAreRefusedByName(String json, String sentence) {
    var refused = assertThrows(UsageException.class, () -> TinyRuns.config(json));
    assertEquals(sentence, refused.getMessage());
  }

  @Test
  void survivesJson() throws JsonProcessingException {
    TrainConfig config =
        TinyRuns.config(
            """
            {"run": {"seed": 9007199254740993, "precision": "bf16"},
             "data": {"path": "a/b", "images": "hrformer"},
             "optimizer": {"learningRate": 0.1, "clip": "Infinity",
               "groups": {"decay": "everything",
                          "rules": [{"pattern": "head", "learningRate": 10, "decay": null}]}},
             "fineTuning": {"freeze": ["^backbone"], "layerDecay": 0.75, "ema": 0.999}}
            """);
    assertEquals(9007199254740993L, config.run().seed());
    assertEquals(Precision.BF16, config.run().precision());
    assertEquals(ImageRules.HRFORMER, config.data().images());
    assertEquals(Double.POSITIVE_INFINITY, config.optimizer().clip());
    assertEquals(List.of(new Rule("head", 10.0, null)), config.optimizer().groups().rules());
    assertEquals(new FineTuning(List.of("^backbone"), 0.75, 0.999, List.of()), config.fineTuning());
    assertEquals(config, ConfigFile.whole(Json.line(config)));
    assertEquals(config, ConfigFile.whole(Json.page(config)));
  }

  @Test
  void aConfigurationFromBeforeThereWereOtherLossesAndOptimisersHasTheUsual()
      throws JsonProcessingException {
    String whole = Json.line(TinyRuns.CONFIG);
    String old =
        whole
            .replaceFirst("\"terms\":\"ce\",\"auxiliary\":\"\",", "")
            .replaceFirst("\"decay\":\"poly\",", "")
            .replaceFirst("\"milestones\":\\[],\"stepFactor\":0.1,", "")
            .replaceFirst("\"kind\":\"adamw\",", "")
            .replaceFirst("\"minimumRate\":0.0,", "")
            .replaceFirst("\"momentum\":0.9,\"nesterov\":false,", "")
            .replaceFirst(",\"freezeStatistics\":false", "")
            .replaceFirst(",\"recompute\":false", "")
            .replaceFirst("\"oneLogit\":false,", "");
    assertEquals(201, whole.length() - old.length(), old);
    assertEquals(TinyRuns.CONFIG, ConfigFile.whole(old));
  }

  @Test
  void severalFoldersSurviveJson() throws JsonProcessingException {
    TrainConfig config =
        TinyRuns.config(
            "{\"data\": {\"parts\": [{\"path\": \"a=2\", \"weight\": 1}, {\"path\": \"b\", \"weight\": 0.5}]}}");
    assertEquals(List.of(new DataPart("a=2", 1), new DataPart("b", 0.5)), config.data().parts());
    assertEquals(config, ConfigFile.whole(Json.line(config)));
    String before = Json.line(TinyRuns.CONFIG).replace(",\"parts\":[]", "");
    assertEquals(TinyRuns.CONFIG, ConfigFile.whole(before));
  }

  @Test
  void wholeNumbersMayHaveAPointAndNothingBehindIt() {
    TrainConfig config =
        TinyRuns.config("{\"batch\": 5.0, \"seed\": 7e3, \"files\": {\"voids\": [0.0, 254]}}");
    assertEquals(5, config.schedule().batch());
    assertEquals(7000, config.run().seed());
    assertEquals(List.of(0, 254), config.files().voids());
  }

  @Test
  void aWholeConfigurationLacksNothing() {
    String json = Json.line(TinyRuns.CONFIG).replace("\"batch\":2,", "");
    var refused = assertThrows(UsageException.class, () -> ConfigFile.whole(json));
    assertEquals("schedule.batch is missing; give it", refused.getMessage());
    assertThrows(UsageException.class, () -> ConfigFile.whole("[]"));
    assertThrows(JsonProcessingException.class, () -> ConfigFile.whole("{\"schedule\": "));
  }

  @Test
  void aConfigurationFromBeforeThereWasMoreAugmentationHasNone() throws JsonProcessingException {
    String whole = Json.line(TinyRuns.CONFIG);
    String old = whole.replaceFirst("\"augmentation\":\\{[^}]*},", "");
    assertTrue(old.length() < whole.length() - 100, old);
    assertEquals(MoreAugmentation.NONE, ConfigFile.whole(old).augmentation());
    assertEquals(TinyRuns.CONFIG, ConfigFile.whole(old));
  }

  @Test
  void oneValueIsChangedByItsName() {
    TrainConfig config = TinyRuns.CONFIG.with("schedule.iterations", 9);
    assertEquals(9, config.schedule().iterations());
    assertEquals(TinyRuns.CONFIG, config.with("schedule.iterations", 4));
  }

  @Test
  void itsAugmentationIsPartOfThePreparation() {
    TrainConfig config =
        TinyRuns.CONFIG.with("augmentation.erasing", 1).with("augmentation.erasingArea", 0.2);
    Sample sample = TinyData.STANDARD.read(Split.TRAINING, 0);
    byte[] plain = TinyRuns.CONFIG.preparation().apply(sample, new SplittableRandom(1)).rgb();
    byte[] erased = config.preparation().apply(sample, new SplittableRandom(1)).rgb();
    int different = 0;
    for (int i = 0; i < plain.length; i++) {
      different += plain[i] == erased[i] ? 0 : 1;
    }
    double share = different / (double) plain.length;
    assertTrue(share > 0.015 && share < 0.205, "share: " + share);
  }

  @Test
  void theLearningRateIsThatOfTheConfiguration() {
    assertEquals(
        new LearningRate(RateDecay.POLY, 1e-3, 0, 4, 2, 0.9, List.of(), 0.1),
        TinyRuns.CONFIG.learningRate());
    TrainConfig config =
        TinyRuns.CONFIG
            .with("schedule.milestones", List.of(1, 3))
            .with("schedule.decay", "step")
            .with("schedule.stepFactor", 0.5)
            .with("optimizer.minimumRate", 1e-5);
    assertEquals(
        new LearningRate(RateDecay.STEP, 1e-3, 1e-5, 4, 2, 0.9, List.of(1, 3), 0.5),
        config.learningRate());
  }

  @Test
  void noRecordHasMoreComponentsThanOneReadsAtAGlance() {
    assertTrue(TrainConfig.class.getRecordComponents().length <= 11);
    for (RecordComponent section : TrainConfig.class.getRecordComponents()) {
      assertTrue(section.getType().getRecordComponents().length <= 10, section::getName);
    }
  }
}
