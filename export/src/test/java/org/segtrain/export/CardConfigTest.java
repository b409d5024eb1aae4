package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;
import org.segtrain.export.ExportSource.Photographs;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.InputSize;
import org.segtrain.metrics.Averaging;
import org.segtrain.recipes.Settings;

final class CardConfigTest {

  private static final Path FILE = Path.of("model.pt");
  private static final SegmentationModel MODEL = // not initialised
      SegmentationModel.builder()
          .setBackbone(BackboneVariant.PVT_TINY)
          .setHead(HeadVariant.FPN)
          .setClasses(1)
          .build();

  @ParameterizedTest
  @EnumSource
  void photographsGetTheSizeThatTheFileSays(ImageRules rules) {
    TrainConfig base =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.SHAPES)
            .with("data.images", rules)
            .with("data.crop", "64x96")
            .config();
    Stream.of(
            Photographs.of(base),
            Photographs.of(base.with("evaluation.size", "2048x512")),
            Photographs.of(base.with("evaluation.size", "original")),
            Photographs.of(base.with("evaluation.divisor", 48)),
            Photographs.of(base.with("evaluation.divisor", 16).with("evaluation.padded", true)),
            Photographs.of(
                base.with("evaluation.scales", List.of(0.5, 1))
                    .with("evaluation.flip", true)
                    .with("evaluation.average", "logits")),
            Photographs.of(
                base.with("evaluation.window", "64x96").with("evaluation.stride", "32x64")),
            Photographs.of(rules, 80),
            Photographs.ofOwnSize(rules))
        .forEach(
            photographs -> {
              ModelCard card = card("pvt_tiny", photographs);
              assertEquals(card, ModelCard.of(FILE, card.json()));
              TrainConfig config = CardConfig.of(FILE, card);
              assertEquals(photographs.size(), config.inputSize());
              assertEquals(photographs.views(), Views.of(config.evaluation()));
              assertEquals(rules, config.data().images());
              assertEquals(Precision.BF16, config.run().precision());
            });
  }

  /** A program's backbone has no defaults of a paper. */
  @Test
  void aModelOfUnknownPartsHasAConfigurationToo() {
    Photographs photographs = Photographs.of(ImageRules.EXACT, 80);
    TrainConfig config = CardConfig.of(FILE, card("narrow_pvt", photographs));
    assertEquals("narrow_pvt", config.model().backbone());
    assertEquals(photographs.size(), config.inputSize());
  }

  @Test
  void aSizeThatNoOptionGivesIsRefused() {
    Photographs photographs =
        new Photographs(
            ImageRules.EXACT,
            Photographs.of(ImageRules.EXACT, 80).crop(),
            new InputSize(80, 320, 64, 1, false),
            Views.ONE);
    ModelCard card = card("pvt_tiny", photographs);
    String message =
        assertThrows(DataException.class, () -> CardConfig.of(FILE, card)).getMessage();
    assertTrue(message.contains("minEdge=64"), message);
  }

  @Test
  void aValueThatNoConfigurationHasIsRefused() {
    Views views = new Views(List.of(1e9), false, Averaging.LOGITS, "", "");
    Photographs photographs =
        new Photographs(ImageRules.EXACT, Optional.empty(), ImageRules.EXACT.ofAnySize(), views);
    ModelCard card = card("pvt_tiny", photographs);
    String message =
        assertThrows(DataException.class, () -> CardConfig.of(FILE, card)).getMessage();
    assertTrue(
        message.startsWith("the segtrain.json of model.pt is not whole: evaluation.scales must be"),
        message);
  }

  private static ModelCard card(String backbone, Photographs photographs) {
    ExportSource source =
        new ExportSource(
            () -> {}, MODEL, backbone, "fpn", List.of("sky"), photographs, "trained", 7);
    Deployment form =
        new Deployment(
            InputForm.FLOAT, OutputForm.LOGITS, false, Precision.BF16, Optimization.NONE);
    return ModelCard.of(source, form, "1.0");
  }
}
