package org.segtrain.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.cli.Outcome;
import org.segtrain.config.Configuration;
import org.segtrain.config.DataPart;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Recipe;
import org.segtrain.recipes.Settings;
import picocli.CommandLine;

class TrainOptionsTest {

  @Test
  void aBackboneIsEnough() {
    TrainConfig config = parsed("--backbone", "pvt_small").configuration().config();
    assertEquals("pvt_small", config.model().backbone());
    assertEquals("fpn", config.model().head());
    assertEquals("shapes", config.data().dataset());
    assertEquals(0, config.model().dropPath());
  }

  @Test
  void realDataAreTrainedWithThePublishedRegularization() {
    TrainConfig config =
        parsed("--backbone", "pvt_small", "--dataset", "folder", "--data", "d")
            .configuration()
            .config();
    assertEquals(0.1f, config.model().dropPath());
    assertEquals(0.1f, config.model().dropout());
  }

  @ParameterizedTest
  @EnumSource(names = "SHAPES", mode = EnumSource.Mode.EXCLUDE) // which has no files
  void eachDatasetHasItsOwnRecipe(DatasetVariant dataset) {
    String name = dataset.toString();
    TrainConfig recipe =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, dataset)
            .with("data.path", "d")
            .config();
    TrainOptions options = parsed("--backbone", "pvt_tiny", "--dataset", name, "--data", "d");
    assertEquals(recipe, options.configuration().config());
  }

  @ParameterizedTest
  @CsvSource({
    "--iterations, 7, schedule.iterations=7",
    "--batch, 3, schedule.batch=3",
    "--accumulate, 4, schedule.accumulate=4",
    "--crop, 96, data.crop=96",
    "--crop, 96x128, data.crop=96x128",
    "--scale, 512x128, data.scale=512x128",
    "--eval-size, original, evaluation.size=original",
    "--divisor, 16, evaluation.divisor=16",
    "--scales, '0.5,1', 'evaluation.scales=[0.5,1.0]'",
    "--average, logits, evaluation.average=logits",
    "--window, 64x32, evaluation.window=64x32",
    "--min-scale, 0.75, data.minScale=0.75",
    "--max-scale, 1.5, data.maxScale=1.5",
    "--lr, 3e-3, optimizer.learningRate=0.003",
    "--warmup, 5, schedule.warmup=5",
    "--weight-decay, 0.05, optimizer.weightDecay=0.05",
    "--power, 1, schedule.power=1",
    "--images, exact, data.images=exact",
    "--clip, 2, optimizer.clip=2",
    "--drop-path, 0.3, model.dropPath=0.3",
    "--dropout, 0.2, model.dropout=0.2",
    "--class-balance, 0.25, loss.classBalance=0.25",
    "--label-smoothing, 0.1, loss.labelSmoothing=0.1",
    "--precision, bf16, run.precision=bf16",
    "--precision, tf32, run.precision=tf32",
    "--seed, 11, run.seed=11",
    "--save-every, 0.5, run.saveMinutes=0.5",
    "--keep, 3, run.keep=3",
    "--best, aAcc, run.best=aAcc",
    "--patience, 4, run.patience=4",
    "--eval-every, 13, schedule.evalEvery=13",
    "--split-names, 'a,b', 'files.splits=[\"a\",\"b\"]'",
    "--split-lists, 'lists/{split}.txt', 'files.lists=lists/{split}.txt'",
    "--split-validation, 0.2, files.splitValidation=0.2",
    "--first, 1, files.first=1",
    "--void, '0,254', 'files.voids=[0,254]'",
    "--void, none, files.voids=[]",
    "--labels, '255=fg,7=void', 'files.labels=[\"255=fg\",\"7=void\"]'",
    "--rare-classes, 0.01, data.rareClasses=0.01",
    "--threads, 3, run.threads=3",
    "--rotation, 10, augmentation.rotation=10",
    "--brightness, 16, augmentation.brightness=16",
    "--contrast, 0.2, augmentation.contrast=0.2",
    "--saturation, 0.3, augmentation.saturation=0.3",
    "--hue, 5, augmentation.hue=5",
    "--blur, 0.5, augmentation.blur=0.5",
    "--blur-sigma, 1.5, augmentation.blurSigma=1.5",
    "--erasing, 0.5, augmentation.erasing=0.5",
    "--erasing-area, 0.2, augmentation.erasingArea=0.2",
    "--loss-mean, all, loss.mean=all",
    "--optimizer, sgd, optimizer.kind=sgd",
    "--momentum, 0.8, optimizer.momentum=0.8",
    "--min-lr, 1e-6, optimizer.minimumRate=0.000001",
    "--schedule, cosine, schedule.decay=cosine",
    "--milestones, '5,9', 'schedule.milestones=[3,5,9]'",
    "--step-factor, 0.5, schedule.stepFactor=0.5",
    "--loss, ce+0.5*lovasz, loss.terms=ce+0.5*lovasz",
    "--auxiliary-loss, focal(gamma=3), loss.auxiliary=focal(gamma=3)",
  })
  void anOptionSetsItsValueAndNothingElse(String option, String value, String component) {
    String[] model = {"--backbone", "pvt_tiny", "--iterations", "999", "--precision", "fp32"};
    String[] base = switch (option) { // what it has an effect with
          case "--split-names", "--split-lists", "--split-validation" ->
              with(model, "--dataset", "folder", "--data", "d");
          case "--first", "--void", "--labels" -> with(model, "--dataset", "folder", "--data", "d");
          case "--average" -> with(model, "--flip");
          case "--auxiliary-loss" -> with(model, "--head", "upernet");
          case "--blur-sigma" -> with(model, "--blur", "0.5");
          case "--erasing-area" -> with(model, "--erasing", "0.5");
          case "--optimizer" -> with(model, "--lr", "0.01");
          case "--momentum" -> with(model, "--optimizer", "sgd", "--lr", "0.01");
          case "--milestones" -> with(model, "--schedule", "step", "--milestones", "3");
          case "--step-factor" -> with(model, "--schedule", "step", "--milestones", "3");
          default -> model;
        };
    List<String> before = components(parsed(base).configuration().config());
    List<String> after = components(parsed(with(base, option, value)).configuration().config());
    assertTrue(after.contains(component), after::toString);
    assertNotEquals(before, after);
    assertEquals(List.of(component), after.stream().filter(c -> !before.contains(c)).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --momentum=0.8             | --momentum would have no effect without --optimizer sgd; give that too, or leave --momentum out
          --milestones=7             | --milestones would have no effect without --schedule step; give that too, or leave --milestones out
          --schedule=cosine --step-factor=0.5 | --step-factor would have no effect without --schedule step; give that too, or leave --step-factor out
          --schedule=constant --min-lr=1e-6 | --min-lr would have no effect without another --schedule than constant; give that too, or leave --min-lr out
          --optimizer=sgd            | --optimizer sgd needs --lr, such as --lr 0.01, since 0.0006 is a rate for adamw
          """)
  void whatHasNoEffectIsRefused(String arguments, String sentence) {
    TrainOptions options = parsed(("--backbone=pvt_tiny " + arguments).split(" "));
    assertEquals(sentence, assertThrows(UsageException.class, options::configuration).getMessage());
  }

  @Test
  void aRunKeepsItsOptimiser() {
    TrainConfig begun =
        parsed("--backbone=pvt_tiny", "--optimizer=sgd", "--lr=0.1", "--nesterov")
            .configuration()
            .config();
    UsageException refused =
        assertThrows(UsageException.class, () -> parsed("--optimizer=adamw").over("run", begun));
    assertEquals(
        "--optimizer is adamw, but the run has the state of sgd; leave it out, or begin another run from its weights with --weights",
        refused.getMessage());
    assertEquals(begun, parsed("--optimizer=sgd").over("run", begun).config());
  }

  @Test
  void layersMayBeComputedAgain() {
    String[] base = {"--backbone", "pvt_tiny"};
    assertTrue(parsed(with(base, "--recompute")).configuration().config().run().recompute());
    assertEquals(
        parsed(base).configuration().config(),
        parsed(with(base, "--no-recompute")).configuration().config());
  }

  @Test
  void processesShareTheImagesOfARecipeAndTheCores() {
    TrainConfig config =
        parsed("--recipe=pvt_small_fpn_ade20k", "--processes=4", "--data=d")
            .configuration()
            .config();
    assertEquals(4, config.schedule().processes());
    assertEquals(32, config.schedule().stepImages()); // as published
    assertEquals(Math.max(1, Defaults.cores() / 4), config.run().threads());
    assertTrue(config.run().syncBatchNorm());
  }

  @Test
  void aRunThatGoesOnInOtherProcessesHasTheSameSteps() {
    TrainConfig begun =
        parsed("--backbone=pvt_tiny", "--processes=2", "--accumulate=3").configuration().config();
    TrainConfig six = parsed("--processes=6").over("run", begun).config();
    assertEquals(1, six.schedule().accumulate());
    assertEquals(begun.schedule().stepImages(), six.schedule().stepImages());
    TrainConfig one = parsed().over("run", begun).config();
    assertEquals(6, one.schedule().accumulate());
    assertEquals(1, one.schedule().processes());
    UsageException refused =
        assertThrows(
            UsageException.class, () -> parsed("--processes=4").over("run", begun).config());
    assertEquals(
        "the run makes 6 forward passes a step, which 4 processes cannot share evenly; start another number of them, or give --accumulate",
        refused.getMessage());
    TrainConfig given = parsed("--processes=4", "--accumulate=2").over("run", begun).config();
    assertEquals(8, given.schedule().passes());
  }

  @Test
  void twoClassesMayHaveOneLogit() {
    String[] base = {"--backbone", "pvt_tiny"};
    assertTrue(parsed(with(base, "--one-logit")).configuration().config().model().oneLogit());
    assertEquals(
        parsed(base).configuration().config(),
        parsed(with(base, "--no-one-logit")).configuration().config());
  }

  @Test
  void momentumMayBeNesterovs() {
    String[] base = {"--backbone", "pvt_tiny", "--optimizer", "sgd", "--lr", "0.01"};
    assertTrue(parsed(with(base, "--nesterov")).configuration().config().optimizer().nesterov());
    assertEquals(
        parsed(base).configuration().config(),
        parsed(with(base, "--no-nesterov")).configuration().config());
  }

  @Test
  void severalFoldersAreJoined(@TempDir Path dir) throws IOException {
    String named = Files.createDirectory(dir.resolve("c=2")).toString();
    String[] base = {"--backbone", "pvt_tiny", "--dataset", "folder", "--data", "a"};
    String other = Files.createDirectory(dir.resolve("c=3")).toString();
    String[] more = {"--data", "b=0.5", "--data", named, "--data", other + "/=2", "--data", "d=x"};
    TrainConfig config = parsed(with(base, more)).configuration().config();
    assertEquals("", config.data().path());
    assertEquals(
        List.of(
            new DataPart("a", 1),
            new DataPart("b", 0.5),
            new DataPart(named, 1),
            new DataPart(other + "/", 2),
            new DataPart("d=x", 1)),
        config.data().parts());
    TrainConfig replaced = parsed("--data", "e").over("run", config).config();
    assertEquals("e", replaced.data().path());
    assertEquals(List.of(), replaced.data().parts());
  }

  @Test
  void filesAreDeclaredTogether() {
    String[] base = {"--backbone", "pvt_tiny", "--dataset", "folder", "--data", "d"};
    String[] given = {"--image-files", "{name}.jpg", "--mask-files", "{name}_mask.png"};
    String[] more = {"--mask-colours", "--split-validation", "0.1"};
    TrainConfig config = parsed(with(with(base, given), more)).configuration().config();
    assertEquals("{name}.jpg", config.files().images());
    assertEquals("{name}_mask.png", config.files().masks());
    assertTrue(config.files().colours());
  }

  @Test
  void optionsReplaceThoseOfARunThatGoesOn() {
    TrainConfig begun =
        parsed("--backbone", "pvt_small", "--seed", "5", "--clip", "3").configuration().config();
    TrainConfig config = parsed("--iterations", "77").over("run", begun).config();
    assertEquals(77, config.schedule().iterations());
    assertEquals("pvt_small", config.model().backbone());
    assertEquals(5, config.run().seed());
    assertEquals(3, config.optimizer().clip());
    assertEquals(
        Precision.FP32,
        parsed("--precision", "fp32").over("run", begun).config().run().precision());
  }

  @Test
  void aRecipeIsEnough() {
    Recipe recipe = Recipe.HRVIT_B1_SEGFORMER_ADE20K;
    assertEquals(
        recipe.config().with("data.path", "d"),
        parsed("--recipe", recipe.toString(), "--data", "d").configuration().config());
  }

  @Test
  void whatIsGivenReplacesWhatTheRecipeHas() {
    String[] recipe = {"--recipe", "pvt_small_fpn_ade20k", "--dataset", "folder", "--data", "d"};
    TrainConfig config =
        parsed(with(recipe, "--backbone", "shunted_small", "--lr", "3")).configuration().config();
    assertEquals("shunted_small", config.model().backbone());
    assertEquals("folder", config.data().dataset());
    assertEquals(3, config.optimizer().learningRate());
    assertEquals(40_000, config.schedule().iterations());
  }

  @Test
  void aRecipesStepKeepsItsImages() {
    String[] recipe = {"--recipe", "pvt_tiny_fpn_ade20k", "--data", "d"};
    assertEquals(
        16, parsed(with(recipe, "--batch", "2")).configuration().config().schedule().accumulate());
    assertEquals(
        3,
        parsed(with(recipe, "--batch=2", "--accumulate=3"))
            .configuration()
            .config()
            .schedule()
            .accumulate());
  }

  @Test
  void batchNormalizationNeedsMoreThanOneNumber() {
    assertEquals(
        64,
        parsed("--backbone=pvt_tiny", "--batch=1", "--crop=64")
            .configuration()
            .config()
            .data()
            .crop()
            .height());
    TrainOptions options = parsed("--backbone=pvt_tiny", "--batch=1", "--crop=63");
    assertThrows(IllegalArgumentException.class, options::configuration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--head=fpm",
        "--recipe=pvt_tiny",
        "--images=exactly",
        "--dataset=shape",
        "--precision=fp16",
        "--crop=31",
        "--batch=0",
        "--accumulate=0",
        "--iterations=0",
        "--max-scale=0.1",
        "--loss=ce+lovas",
        "--auxiliary-loss=focal(3)",
        "--loss-mean=hard",
        "--optimizer=adam",
        "--nesterov",
        "--schedule=step",
        "--milestones=9,5",
        "--min-lr=1",
        "--lr=0",
        "--lr=NaN",
        "--weight-decay=-1",
        "--clip=0",
        "--drop-path=1",
        "--dropout=-0.1",
        "--dataset=folder",
        "--dataset=cityscapes",
        "--image-files={name}.jpg",
        "--split-lists=train.txt",
        "--split-names=train",
        "--split-validation=1.1",
        "--void=none,1",
        "--void=x",
        "--first=-1",
        "--rotation=181",
        "--hue=91",
        "--erasing=2",
        "--data=a=0",
        "--data=a=-1",
        "--data=a=1e4"
      })
  void aWrongValueIsRefused(String option) {
    TrainOptions options = parsed("--backbone", "pvt_tiny", option);
    assertThrows(IllegalArgumentException.class, options::configuration);
    Outcome outcome = Outcome.of("--backbone", "pvt_tiny", option);
    assertEquals(2, outcome.code(), outcome.err());
  }

  private static TrainOptions parsed(String... arguments) {
    TrainOptions options = new TrainOptions();
    new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(arguments);
    return options;
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  private static List<String> components(TrainConfig config) {
    return Configuration.texts(config).entrySet().stream()
        .map(value -> value.getKey() + "=" + value.getValue())
        .toList();
  }
}
