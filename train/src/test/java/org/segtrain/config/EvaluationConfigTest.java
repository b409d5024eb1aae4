package org.segtrain.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.Fitting;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;
import org.segtrain.recipes.Settings;
import org.segtrain.train.TinyRuns;

class EvaluationConfigTest {

  /**
   * The sizes that a photograph of 480x360 goes through, as MMSegmentation's formulas give them.
   */
  @ParameterizedTest
  @CsvSource({
    "aligned, 128, '', '', 0, false, 171x128, 192x128",
    "exact, 128, '', '', 0, false, 171x128, 171x128",
    "exact, 64x128, '', '', 0, false, 85x64, 85x64",
    "exact, 128, 200x100, '', 0, false, 133x100, 133x100",
    "exact, 128, 100x200, '', 0, false, 133x100, 133x100",
    "exact, 128, 130x128, '', 0, false, 130x98, 130x98",
    "exact, 128, 200x100, 400x300, 0, false, 400x300, 400x300",
    "aligned, 128, '', original, 0, false, 480x360, 480x384",
    "exact, 128, '', original, 16, true, 480x360, 480x368",
    "aligned, 128, '', '', 1, false, 171x128, 171x128",
    "openseg, 520, '', '', 0, false, 693x520, 696x520",
    "hrformer, 128, '', '', 0, false, 480x360, 480x360",
    "openseg, 128, '', 960x720, 0, false, 960x720, 960x720"
  })
  void photographsGetTheSizeOfEvaluation(
      String images,
      String crop,
      String scale,
      String size,
      int divisor,
      boolean padded,
      String scaled,
      String whole) {
    InputSize input =
        TinyRuns.CONFIG
            .with("data.images", images)
            .with("data.crop", crop)
            .with("data.scale", scale)
            .with(
                Overlay.of("")
                    .with("evaluation.size", size)
                    .with("evaluation.divisor", divisor)
                    .with("evaluation.padded", padded))
            .inputSize();
    PixelSize between = input.scaled(new PixelSize(480, 360));
    assertEquals(scaled, between.width() + "x" + between.height());
    PixelSize read = input.whole(between);
    assertEquals(whole, read.width() + "x" + read.height());
  }

  /** MMSegmentation 0.x rounds the edges of each scale down, then fits the photograph. */
  @ParameterizedTest
  @CsvSource({"0.75, '', 128x96", "1.25, '', 213x160", "0.3, '', 51x38", "0.75, original, 360x270"})
  void scalesAreFactorsOfIt(double factor, String size, String expected) {
    TrainConfig config =
        TinyRuns.CONFIG
            .with("data.images", "exact")
            .with("data.crop", 128)
            .with("evaluation.size", size)
            .with("evaluation.scales", List.of(1, factor))
            .with("evaluation.flip", true);
    List<Fitting> views = config.views();
    assertEquals(4, views.size());
    assertEquals(List.of(false, true, false, true), views.stream().map(Fitting::mirrored).toList());
    PixelSize scaled = views.get(3).scaled(new PixelSize(480, 360));
    assertEquals(expected, scaled.width() + "x" + scaled.height());
  }

  @Test
  void aStrideIsTwoThirdsOfTheWindow() {
    TrainConfig config = TinyRuns.CONFIG.with("evaluation.window", "512x1024");
    EvaluationConfig.Window window = config.evaluation().sliding().orElseThrow();
    assertEquals(new ImageSize(512, 1024), window.size());
    assertEquals(new ImageSize(341, 682), window.stride());
  }

  @Test
  void cityscapesIsTrainedAndEvaluatedAtItsSizes() {
    TrainConfig config =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.CITYSCAPES).config();
    assertEquals(new ImageSize(512, 1024), config.data().crop());
    assertEquals("2048x1024", config.data().sizes().scale().toString());
    PixelSize whole = new PixelSize(2048, 1024);
    assertEquals(whole, config.inputSize().scaled(whole));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "data.crop # 512x # data.crop must be from 1 to 99999 pixels, such as 512, or height and width such as 512x1024, but is \"512x\"",
        "data.crop # 16x64 # data.crop must be at least 32 x 32 pixels, but is 16x64",
        "data.scale # 512 # data.scale must be the long and the short edge, as in 2048x512, but is \"512\"",
        "data.scale # 0x512 # data.scale must have edges of at least 1 pixel, but is \"0x512\"",
        "evaluation.size # big # evaluation.size must be the long and the short edge, as in 2048x512, or original, but is \"big\"",
        "evaluation.divisor # -1 # evaluation.divisor must be from 0 to 1024, but is -1",
        "evaluation.padded # true # evaluation.padded is true, but evaluation.divisor is 0, so there is nothing to pad to; give a divisor such as 32",
        "evaluation.scales # [] # evaluation.scales must have 1 to 32 factors, but has 0",
        "evaluation.scales # [0] # evaluation.scales must be from 0.01 to 100, but is 0.0",
        "evaluation.window # 1 # evaluation.window must be at least 32 x 32 pixels, but is 1",
        "evaluation.window # 16 # evaluation.window must be at least 32 x 32 pixels, but is 16",
        "evaluation.window # x # evaluation.window must be from 1 to 99999 pixels, such as 512, or height and width such as 512x1024, but is \"x\"",
        "evaluation.stride # 64 # evaluation.stride is 64, but there is no evaluation.window; give both"
      },
      delimiter = '#')
  void whatMakesNoSenseIsRefused(String key, String value, String sentence) {
    String json =
        value.matches("(true|-?\\d+|\\[.*])") && !key.matches(".*(scale|window|stride)")
            ? value
            : "\"%s\"".formatted(value);
    int dot = key.indexOf('.');
    UsageException e =
        assertThrows(
            UsageException.class,
            () ->
                TinyRuns.config(
                    "{\"%s\": {\"%s\": %s}}"
                        .formatted(key.substring(0, dot), key.substring(dot + 1), json)));
    assertEquals(sentence, e.getMessage());
  }

  @Test
  void aStrideThatLeavesPixelsOutIsRefused() {
    TrainConfig config = TinyRuns.CONFIG.with("evaluation.window", "64");
    UsageException e =
        assertThrows(UsageException.class, () -> config.with("evaluation.stride", "64x65"));
    assertEquals(
        "evaluation.stride is 64x65, larger than evaluation.window, 64, so pixels would be left out;"
            + " lower it",
        e.getMessage());
  }

  /** Of a run from before the crop, the scale and the size of evaluation were apart. */
  @Test
  void oldFilesMeanWhatTheyMeant() {
    Overlay old =
        ConfigFile.parse(
            "old", "{\"data\": {\"dataset\": \"loveda\", \"crop\": 1024}, \"run\": {\"seed\": 0}}");
    TrainConfig config =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.LOVEDA)
            .over(old)
            .config();
    assertEquals("4096x1024", config.data().sizes().scale().toString());
    assertEquals(
        new InputSize(1024, 4096, 0, 32, false), config.inputSize()); // and not LoveDA's own size
  }
}
