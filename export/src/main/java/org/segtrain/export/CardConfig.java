package org.segtrain.export;

import java.nio.file.Path;
import java.util.Optional;
import org.segtrain.augment.Edges;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.ModelConfig;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.images.InputSize;
import org.segtrain.recipes.Settings;

/** From the description of an exported file to a configuration that uses it. */
final class CardConfig {

  private CardConfig() {}

  /**
   * A configuration with the file's model, precision and rules for photographs. The description has
   * no data, so these are a folder that the user names.
   *
   * @throws DataException if a value is out of its range, or photographs get a size that no
   *     configuration gives them
   */
  static TrainConfig of(Path file, ModelCard card) {
    TrainConfig config = config(file, card);
    InputSize size = card.photographs().size();
    if (!config.inputSize().equals(size)) {
      throw new DataException(
          "the %s of %s has the size %s, which no options give, but %s is the nearest; export the model again"
              .formatted(ModelCard.NAME, file, size, config.inputSize()));
    }
    return config;
  }

  private static TrainConfig config(Path file, ModelCard card) {
    try {
      return model(card.model()).over(values(card)).config();
    } catch (UsageException e) {
      throw ModelCard.notWhole(file, e.getMessage(), e);
    }
  }

  private static Settings model(ModelCard.Model model) {
    ModelConfig parts = new ModelConfig(model.backbone(), model.head(), false, 0, 0);
    return parts.isKnown()
        ? Settings.of(parts.backboneVariant(), parts.headVariant(), DatasetVariant.FOLDER)
        : Settings.ofOwnModel(model.backbone(), DatasetVariant.FOLDER);
  }

  private static Overlay values(ModelCard card) {
    ModelCard.Photographs photographs = card.photographs();
    InputSize size = photographs.size();
    InputSize own = photographs.images().ofOwnSize();
    boolean usual = size.multiple() == own.multiple() && size.padded() == own.padded();
    Overlay sized =
        Overlay.of("export")
            .with("run.precision", card.model().precision())
            .with("data.images", photographs.images())
            .with("data.scale", size.minEdge() == 0 ? "" : Edges.ofShort(size.minEdge()).toString())
            .with("evaluation.size", edges(size))
            .with("evaluation.divisor", usual ? 0 : size.multiple())
            .with("evaluation.padded", !usual && size.padded());
    Overlay values = photographs.evaluation().over(sized);
    Optional<ImageSize> crop = photographs.trained();
    return crop.isEmpty() ? values : values.with("data.crop", crop.get());
  }

  private static String edges(InputSize size) {
    if (size.shortEdge() > 0) {
      return new Edges(Math.max(size.maxEdge(), size.shortEdge()), size.shortEdge()).toString();
    }
    return size.minEdge() > 0 ? "" : EvaluationConfig.ORIGINAL;
  }
}
