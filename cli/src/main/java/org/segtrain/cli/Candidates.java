package org.segtrain.cli;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.data.Split;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.InputForm;
import org.segtrain.export.OutputForm;
import org.segtrain.heads.HeadVariant;
import org.segtrain.loss.LossMean;
import org.segtrain.measure.Benchmark;
import org.segtrain.names.Choice;
import org.segtrain.recipes.Recipe;

/**
 * Names that a shell can complete; looked up when they are asked for, since that loads the engine.
 */
abstract sealed class Candidates implements Iterable<String> {

  private final Supplier<List<String>> names;

  private Candidates(Supplier<List<String>> names) {
    this.names = names;
  }

  @Override
  public final Iterator<String> iterator() {
    return names.get().iterator();
  }

  /** Of {@code --backbone}. */
  static final class Backbones extends Candidates {
    Backbones() {
      super(() -> Choice.names(BackboneVariant.values()));
    }
  }

  /** Of {@code --head}. */
  static final class Heads extends Candidates {
    Heads() {
      super(() -> Choice.names(HeadVariant.values()));
    }
  }

  /** Of {@code --dataset}. */
  static final class Datasets extends Candidates {
    Datasets() {
      super(() -> Choice.names(DatasetVariant.values()));
    }
  }

  /** Of {@code --loss-mean}. */
  static final class LossMeans extends Candidates {
    LossMeans() {
      super(() -> Choice.names(LossMean.values()));
    }
  }

  /** Of {@code --recipe}. */
  static final class Recipes extends Candidates {
    Recipes() {
      super(() -> Choice.names(Recipe.values()));
    }
  }

  /** Of {@code --pretrained}. */
  static final class Releases extends Candidates {
    Releases() {
      super(org.segtrain.releases.Releases::names);
    }
  }

  /** Of {@code --images}. */
  static final class Images extends Candidates {
    Images() {
      super(() -> Choice.names(ImageRules.values()));
    }
  }

  /** Of {@code --precision}. */
  static final class Precisions extends Candidates {
    Precisions() {
      super(() -> Choice.names(Precision.values()));
    }
  }

  /** Of {@code benchmark --mode}. */
  static final class Modes extends Candidates {
    Modes() {
      super(() -> Choice.names(Benchmark.Mode.values()));
    }
  }

  /** Of {@code weights convert --type}. */
  static final class StoredTypes extends Candidates {
    StoredTypes() {
      super(WeightsConvertCommand::types);
    }
  }

  /** Of {@code export --format}. */
  static final class Formats extends Candidates {
    Formats() {
      super(() -> Choice.names(ExportFormat.values()));
    }
  }

  /** Of {@code export --input}. */
  static final class InputForms extends Candidates {
    InputForms() {
      super(() -> Choice.names(InputForm.values()));
    }
  }

  /** Of {@code export --output}. */
  static final class OutputForms extends Candidates {
    OutputForms() {
      super(() -> Choice.names(OutputForm.values()));
    }
  }

  /** Of {@code --split}. */
  static final class Splits extends Candidates {
    Splits() {
      super(() -> Choice.names(Split.values()));
    }
  }

  /** Of {@code --device}. */
  static final class Devices extends Candidates {
    Devices() {
      super(() -> Defaults.DEVICES);
    }
  }
}
