package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.augment.Augmentation;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.djl.DjlDataset;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.recipes.Settings;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.segtrain.train.Training;
import org.segtrain.train.TrainingBuilder;

@Tag("slow")
final class OurTrainingTakesOwnPartsTest {

  @TempDir static Path folder;

  private static final List<Double> LOSSES = new ArrayList<>();
  private static final List<Long> EVALUATED = new ArrayList<>();
  private static Training.Summary summary;

  @BeforeAll
  static void train() {
    Progress progress =
        new Progress() {
          @Override
          public void step(StepReport step) {
            LOSSES.add(step.loss());
          }

          @Override
          public void evaluated(EvaluationReport evaluation) {
            EVALUATED.add(evaluation.step());
          }
        };
    summary = OurTrainingTakesOwnParts.train(folder, progress);
  }

  @Test
  void theModelLearns() {
    assertEquals(30, LOSSES.size());
    assertTrue(LOSSES.get(29) < 0.7 * LOSSES.get(0), LOSSES::toString);
    assertTrue(summary.best() > 0.6, summary::toString); // table everywhere has about 0.36
    assertEquals(List.of(15L, 30L), EVALUATED);
  }

  @Test
  void aModelThatDoesNotFitTheDataSaysWhatToDo(@TempDir Path other) {
    Dataset scenes = new ShapesDataset(64, 2, 2);
    SegmentationModel three =
        SegmentationModel.builder()
            .setBackbone(new TwoStrides(4, 4, 4, 4))
            .setHead("fcn")
            .setClasses(3)
            .build();
    TrainConfig config = Settings.ofOwnModel("mine", DatasetVariant.SHAPES).config();
    TrainingBuilder parts =
        Training.builder().setConfig(config).setDataset(scenes).setFolder(other);
    assertEquals(
        "the model tells 3 classes apart, but the data set has 12; build it with setClasses(12)",
        assertThrows(UsageException.class, () -> parts.optModel(three).build()).getMessage());
    Block flat =
        new SequentialBlock()
            .add(Conv2d.builder().setFilters(3).setKernelShape(new Shape(1, 1)).build());
    Training training = parts.optModel(flat).build();
    String message = assertThrows(UsageException.class, training::run).getMessage();
    assertTrue(
        message.contains("the first B 12 h w, but it gives 1, the first of shape (4, 3, 128, 128)"),
        message);
    assertEquals(
        "a training needs setDataset(...): the data to train on",
        assertThrows(UsageException.class, Training.builder().setConfig(config)::build)
            .getMessage());
  }

  @Test
  void anyBlockOfDjlThatGivesScoresLearns(@TempDir Path other) {
    Block convolution = convolution();
    TrainConfig config =
        Settings.ofOwnModel("one_convolution", DatasetVariant.FOLDER)
            .with("schedule.iterations", 20)
            .with("optimizer.learningRate", 0.05)
            .with("schedule.warmup", 0)
            .with("data.crop", 48)
            .config();
    Training.Summary learned =
        Training.builder()
            .optModel(convolution)
            .setDataset(
                DjlDataset.of(
                    "coins", List.of("table", "coin"), new Coins(0, 16), new Coins(16, 4)))
            .setConfig(config)
            .setFolder(other)
            .build()
            .run();
    assertTrue(learned.best() > 0.6, learned::toString);
    assertFalse(convolution.isInitialized()); // and may be used anew
    try (TrainedModel trained =
        TrainedModel.load(other, convolution, Resources.start("cpu", 1, 1))) {
      assertEquals(List.of("table", "coin"), trained.classes());
      assertThrows(DataException.class, trained::model);
    }
  }

  @Test
  void anAugmentationOfItsOwnChangesEverySample(@TempDir Path other) {
    Fog fog = new Fog();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Augmentation noted =
        (sample, random) -> {
          seen.add(sample.name());
          return fog.apply(sample, random);
        };
    assertEquals(3, convolution(3, other).optAugmentation(noted).build().run().step());
    assertTrue(seen.size() >= 6, seen::toString); // and some that were prepared ahead
    assertTrue(seen.stream().allMatch(name -> name.startsWith("coins/training/")), seen::toString);
  }

  @Tag("slow")
  @Test
  void theStepsBeforeAnAugmentationFailsAreKept(@TempDir Path other) {
    AtomicInteger calls = new AtomicInteger();
    Augmentation fails =
        (sample, random) -> calls.incrementAndGet() > 30 ? null : sample; // of the 16th batch
    Training training = convolution(40, other).optAugmentation(fails).build();
    String message = assertThrows(UsageException.class, training::run).getMessage();
    assertTrue(message.startsWith("the program's augmentation makes null of coins/"), message);
    Training.Summary resumed = convolution(40, other).build().run();
    assertEquals(40, resumed.step());
    assertEquals(25, resumed.made());
  }

  private static TrainingBuilder convolution(int iterations, Path folder) {
    TrainConfig config =
        Settings.ofOwnModel("one_convolution", DatasetVariant.FOLDER)
            .with("schedule.iterations", iterations)
            .with("schedule.batch", 2)
            .with("data.crop", 48)
            .config();
    return Training.builder()
        .setConfig(config)
        .setDataset(OurTrainingTakesOwnParts.coins())
        .setFolder(folder)
        .optModel(convolution())
        .optResources(Resources.start("cpu", 1, 1));
  }

  private static Block convolution() {
    return new SequentialBlock()
        .add(Conv2d.builder().setFilters(2).setKernelShape(new Shape(1, 1)).build());
  }

  @Test
  void itsRunIsOpenedWithABlockOfItsKind() {
    Dataset coins = OurTrainingTakesOwnParts.coins();
    try (TrainedModel trained =
        TrainedModel.load(
            folder, OurTrainingTakesOwnParts.model(coins), Resources.start("cpu", 1, 1))) {
      double mean = trained.evaluate(coins, Split.VALIDATION).metrics().meanIou();
      assertEquals(summary.best(), mean, 1e-6);
    }
  }

  @Test
  void itsRunSaysWhoseModelItIs() {
    assertEquals("two_strides", new RunFolder(folder).saved().model().backbone());
    Resources resources = Resources.start("cpu", 1, 1);
    var refused =
        assertThrows(DataException.class, () -> TrainedModel.load(folder, resources).close());
    assertTrue(refused.getMessage().contains("\"two_strides\""), refused::getMessage);
  }
}
