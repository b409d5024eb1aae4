package org.segtrain.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import org.segtrain.measure.internal.Blueprint;
import org.segtrain.optim.ParameterGroups.Factors;

class RecipeTest {

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void itsNameSaysWhatItIs(Recipe recipe) {
    TrainConfig config = recipe.config();
    String head = config.model().head().replaceFirst("_768$", "");
    assertEquals(
        "%s_%s_%s".formatted(config.model().backbone(), head, config.data().dataset()),
        recipe.toString());
    assertEquals(recipe, Recipe.of(recipe.toString()));
  }

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void itsStepHasThePublishedImages(Recipe recipe) {
    TrainConfig config = recipe.config();
    assertEquals(recipe.protocol().stepImages(), config.schedule().stepImages());
  }

  /** As the authors give them, millions. HRViT-b3 with UPerNet has 55.82, where they give 55.4. */
  @ParameterizedTest
  @CsvSource({
    "PVT_TINY_FPN_ADE20K, 16.98, 0.005",
    "PVT_SMALL_FPN_ADE20K, 28.24, 0.005",
    "PVT_MEDIUM_FPN_ADE20K, 47.96, 0.005",
    "PVT_LARGE_FPN_ADE20K, 65.12, 0.005",
    "MPVIT_SMALL_UPERNET_ADE20K, 52, 0.5",
    "MPVIT_BASE_UPERNET_ADE20K, 105, 0.5",
    "HRVIT_B1_SEGFORMER_ADE20K, 8.2, 0.05",
    "HRVIT_B2_SEGFORMER_ADE20K, 20.8, 0.05",
    "HRVIT_B3_SEGFORMER_ADE20K, 28.7, 0.05",
    "HRVIT_B1_UPERNET_ADE20K, 35.9, 0.06",
    "HRVIT_B2_UPERNET_ADE20K, 49.7, 0.05",
    "HRVIT_B3_UPERNET_ADE20K, 55.82, 0.005",
    "HRFORMER_SMALL_OCR_ADE20K, 13.66, 0.005",
    "HRFORMER_BASE_OCR_ADE20K, 56.17, 0.005",
    "HRFORMER_BASE_W13_OCR_ADE20K, 56.278182, 0" // with windows of 7, and 456 more positions a head
  })
  void itHasThePublishedParameters(Recipe recipe, double millions, double tolerance) {
    try (Blueprint model = Blueprint.of(recipe)) {
      assertEquals(millions, model.parameters() / 1e6, tolerance);
    }
  }

  @Test
  void auxiliaryHeadsAreCountedApart() {
    try (Blueprint model = Blueprint.of(Recipe.MPVIT_SMALL_UPERNET_ADE20K)) {
      assertEquals(51_588_020, model.parameters());
      assertEquals(702_614, model.auxiliaryParameters());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HRVIT_B1_SEGFORMER_ADE20K, decode_head.conv_seg.weight, 10, 1",
    "HRVIT_B1_SEGFORMER_ADE20K, decode_head.fusion_conv.bn.bias, 10, 1",
    "HRVIT_B1_SEGFORMER_ADE20K, backbone.stem.conv1.bias, 1, 1",
    "HRVIT_B1_SEGFORMER_ADE20K, backbone.stem.bn1.weight, 1, 1",
    "HRVIT_B1_SEGFORMER_ADE20K, backbone.features.1.norm.0.weight, 1, 0",
    "HRVIT_B1_SEGFORMER_ADE20K, backbone.features.1.branches.0.0.attn_norm.bias, 1, 0",
    "HRVIT_B1_UPERNET_ADE20K, auxiliary_head.convs.0.conv.weight, 10, 1",
    "HRVIT_B3_SEGFORMER_ADE20K, decode_head.conv_seg.weight, 1, 1",
    "HRVIT_B3_UPERNET_ADE20K, decode_head.conv_seg.weight, 10, 1",
    "PVT_TINY_FPN_ADE20K, backbone.pos_embed1, 1, 1",
    "PVT_TINY_FPN_ADE20K, backbone.block1.0.norm1.bias, 1, 1",
    "HRFORMER_SMALL_OCR_ADE20K, cls_head.weight, 1, 1",
    "HRFORMER_SMALL_OCR_ADE20K, cls_head.bias, 1, 0"
  })
  void parametersLearnAndDecayAsPublished(
      Recipe recipe, String name, double learningRate, double decay) {
    try (Blueprint model = Blueprint.of(recipe)) {
      Map<String, Shape> shapes = model.shapes();
      assertTrue(shapes.containsKey(name), name);
      assertEquals(
          new Factors(learningRate, decay),
          recipe.config().optimizer().groups().factors(name, shapes.get(name)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "16, 2, 8",
    "16, 16, 1",
    "16, 3, 5",
    "16, 5, 3",
    "16, 32, 1",
    "32, 1, 32",
    "16, 7, 2"
  })
  void forwardPassesMakeAStepOfThePublishedSizeOrAlmost(int published, int batch, int passes) {
    Accumulation accumulation = new Accumulation(published, batch, 1);
    assertEquals(passes, accumulation.passes());
    assertEquals(passes * batch, accumulation.images());
  }

  @Test
  void impossibleBatchesAreRefused() {
    assertThrows(UsageException.class, () -> new Accumulation(16, 0, 1));
    assertThrows(
        UsageException.class,
        () -> Settings.of(Recipe.MPVIT_SMALL_UPERNET_ADE20K).with("schedule.batch", 1).config());
  }

  /** So that defaults of data sets never leak into a published training. */
  @ParameterizedTest
  @EnumSource(Recipe.class)
  void everyNumberOfATrainingIsTheRecipes(Recipe recipe) {
    Settings.of(recipe)
        .resolve()
        .origins()
        .forEach(
            (key, origin) -> {
              if (!key.matches(
                  "data\\.(path|parts)|files\\..*|schedule\\.processes|run\\.(threads|seed|saveMinutes|keep|best|patience|recompute|syncBatchNorm)|fineTuning\\..*|weights\\..*")) {
                assertEquals("recipe " + recipe, origin, key);
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Recipe.class)
  void isTheSameTrainingOnEveryProcessor(Recipe recipe) {
    assertEquals(Precision.FP32, recipe.config().run().precision());
  }
}
