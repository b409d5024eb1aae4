package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Recipe;
import picocli.CommandLine;

class TrainOptionsTest {

  @Test
  void aBackboneIsEnough() {
    TrainConfig config = parsed("--backbone", "pvt_small").config();
    assertEquals("pvt_small", config.backbone());
    assertEquals("fpn", config.head());
    assertEquals("shapes", config.dataset());
    assertEquals(0, config.dropPath());
  }

  @Test
  void realDataAreTrainedWithThePublishedRegularization() {
    TrainConfig config =
        parsed("--backbone", "pvt_small", "--dataset", "folder", "--data", "d").config();
    assertEquals(0.1f, config.dropPath());
    assertEquals(0.1f, config.dropout());
  }

  @ParameterizedTest
  @EnumSource(DatasetVariant.class)
  void eachDatasetHasItsOwnRecipe(DatasetVariant dataset) {
    String name = dataset.toString();
    TrainConfig recipe = dataset.recipe(BackboneVariant.PVT_TINY, HeadVariant.FPN, "d");
    TrainOptions options = parsed("--backbone", "pvt_tiny", "--dataset", name, "--data", "d");
    assertEquals(recipe, options.config());
  }

  @ParameterizedTest
  @CsvSource({
    "--iterations, 7, iterations=7",
    "--batch, 3, batch=3",
    "--accumulate, 4, accumulate=4",
    "--crop, 96, crop=96",
    "--min-scale, 0.75, minScale=0.75",
    "--max-scale, 1.5, maxScale=1.5",
    "--lr, 3e-3, learningRate=0.003",
    "--warmup, 5, warmup=5",
    "--weight-decay, 0.05, weightDecay=0.05",
    "--power, 1, power=1.0",
    "--images, exact, images=exact",
    "--clip, 2, clip=2.0",
    "--drop-path, 0.3, dropPath=0.3",
    "--dropout, 0.2, dropout=0.2",
    "--class-balance, 0.25, classBalance=0.25",
    "--precision, bf16, precision=bf16",
    "--seed, 11, seed=11",
    "--eval-every, 13, evalEvery=13",
    "--data, my/data, data=my/data",
  })
  void anOptionSetsItsValueAndNothingElse(String option, String value, String component) {
    String[] base = {"--backbone", "pvt_tiny", "--iterations", "999", "--precision", "fp32"};
    List<String> before = components(parsed(base).config());
    List<String> after = components(parsed(with(base, option, value)).config());
    assertTrue(after.contains(component), after::toString);
    assertNotEquals(before, after);
    assertEquals(List.of(component), after.stream().filter(c -> !before.contains(c)).toList());
  }

  @Test
  void optionsReplaceThoseOfARunThatGoesOn() {
    TrainConfig begun = parsed("--backbone", "pvt_small", "--seed", "5", "--clip", "3").config();
    TrainConfig config = parsed("--iterations", "77").over(begun);
    assertEquals(77, config.iterations());
    assertEquals("pvt_small", config.backbone());
    assertEquals(5, config.seed());
    assertEquals(3, config.clip());
    assertEquals(Precision.FP32, parsed("--precision", "fp32").over(begun).precision());
  }

  @Test
  void aRecipeIsEnough() {
    Recipe recipe = Recipe.HRVIT_B1_SEGFORMER_ADE20K;
    assertEquals(recipe.config("d"), parsed("--recipe", recipe.toString(), "--data", "d").config());
  }

  @Test
  void whatIsGivenReplacesWhatTheRecipeHas() {
    String[] recipe = {"--recipe", "pvt_small_fpn_ade20k", "--dataset", "folder", "--data", "d"};
    TrainConfig config = parsed(with(recipe, "--backbone", "shunted_small", "--lr", "3")).config();
    assertEquals("shunted_small", config.backbone());
    assertEquals("folder", config.dataset());
    assertEquals(3, config.learningRate());
    assertEquals(40_000, config.iterations());
  }

  @Test
  void aRecipesStepKeepsItsImages() {
    String[] recipe = {"--recipe", "pvt_tiny_fpn_ade20k", "--data", "d"};
    assertEquals(16, parsed(with(recipe, "--batch", "2")).config().accumulate());
    assertEquals(3, parsed(with(recipe, "--batch=2", "--accumulate=3")).config().accumulate());
  }

  @Test
  void batchNormalizationNeedsMoreThanOneNumber() {
    assertEquals(64, parsed("--backbone=pvt_tiny", "--batch=1", "--crop=64").config().crop());
    TrainOptions options = parsed("--backbone=pvt_tiny", "--batch=1", "--crop=63");
    assertThrows(IllegalArgumentException.class, options::config);
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
        "--lr=0",
        "--lr=NaN",
        "--weight-decay=-1",
        "--clip=0",
        "--drop-path=1",
        "--dropout=-0.1",
        "--dataset=folder"
      })
  void aWrongValueIsRefused(String option) {
    TrainOptions options = parsed("--backbone", "pvt_tiny", option);
    assertThrows(IllegalArgumentException.class, options::config);
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
    String text = config.toString();
    return List.of(text.substring(text.indexOf('[') + 1, text.length() - 1).split(", "));
  }
}
