package org.segtrain.cli.options;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.data.Confidences;
import org.segtrain.data.Split;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.InputForm;
import org.segtrain.export.OutputForm;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.loss.LossMean;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.metrics.Averaging;
import org.segtrain.metrics.Figure;
import org.segtrain.names.Choice;
import org.segtrain.optim.OptimizerKind;
import org.segtrain.optim.RateDecay;
import org.segtrain.recipes.Recipe;

/**
 * Names that a shell can complete; looked up when they are asked for, since that loads the engine.
 */
public abstract sealed class NameLists implements Iterable<String> {

  private final Supplier<List<String>> names;

  private NameLists(Supplier<List<String>> names) {
    this.names = names;
  }

  @Override
  public final Iterator<String> iterator() {
    return names.get().iterator();
  }

  /** Of {@code --backbone}. */
  public static final class Backbones extends NameLists {
    Backbones() {
      super(() -> Choice.names(BackboneVariant.values()));
    }
  }

  /** Of {@code --head}. */
  public static final class Heads extends NameLists {
    Heads() {
      super(() -> Choice.names(HeadVariant.values()));
    }
  }

  /** Of {@code --on-error}. */
  public static final class OnErrors extends NameLists {
    OnErrors() {
      super(() -> Choice.names(OnError.values()));
    }
  }

  /** Of {@code --dataset}. */
  public static final class Datasets extends NameLists {
    Datasets() {
      super(() -> Choice.names(DatasetVariant.values()));
    }
  }

  /** Of {@code --loss-mean}. */
  public static final class LossMeans extends NameLists {
    LossMeans() {
      super(() -> Choice.names(LossMean.values()));
    }
  }

  /** Of {@code --average}. */
  public static final class Averagings extends NameLists {
    Averagings() {
      super(() -> Choice.names(Averaging.values()));
    }
  }

  /** Of {@code --optimizer}. */
  public static final class Optimizers extends NameLists {
    Optimizers() {
      super(() -> Choice.names(OptimizerKind.values()));
    }
  }

  /** Of {@code --schedule}. */
  public static final class Schedules extends NameLists {
    Schedules() {
      super(() -> Choice.names(RateDecay.values()));
    }
  }

  /** Of {@code --recipe}. */
  public static final class Recipes extends NameLists {
    Recipes() {
      super(() -> Choice.names(Recipe.values()));
    }
  }

  /** Of {@code --pretrained}. */
  public static final class Releases extends NameLists {
    Releases() {
      super(org.segtrain.releases.Releases::names);
    }
  }

  /** Of {@code --images}. */
  public static final class Images extends NameLists {
    Images() {
      super(() -> Choice.names(ImageRules.values()));
    }
  }

  /** Of {@code --precision} of an export. */
  public static final class StoredPrecisions extends NameLists {
    StoredPrecisions() {
      super(() -> Choice.names(new Precision[] {Precision.FP32, Precision.BF16}));
    }
  }

  /** Of {@code --precision}. */
  public static final class Precisions extends NameLists {
    Precisions() {
      super(() -> Choice.names(Precision.values()));
    }
  }

  /** Of {@code benchmark --mode}. */
  public static final class Modes extends NameLists {
    Modes() {
      super(() -> Choice.names(Benchmark.Mode.values()));
    }
  }

  /** Of {@code weights convert --type}. */
  public static final class StoredTypes extends NameLists {
    StoredTypes() {
      super(() -> Defaults.STORED_TYPES);
    }
  }

  /** Of {@code export --format}. */
  public static final class Formats extends NameLists {
    Formats() {
      super(() -> Choice.names(ExportFormat.values()));
    }
  }

  /** Of {@code export --input}. */
  public static final class InputForms extends NameLists {
    InputForms() {
      super(() -> Choice.names(InputForm.values()));
    }
  }

  /** Of {@code export --output}. */
  public static final class OutputForms extends NameLists {
    OutputForms() {
      super(() -> Choice.names(OutputForm.values()));
    }
  }

  /** Of {@code predict --format}. */
  public static final class MaskFormats extends NameLists {
    MaskFormats() {
      super(() -> Choice.names(MaskFormat.values()));
    }
  }

  /** Of {@code predict --probabilities}. */
  public static final class ProbabilityDepths extends NameLists {
    ProbabilityDepths() {
      super(() -> Choice.names(Confidences.Depth.values()));
    }
  }

  /** Of {@code --split}. */
  public static final class Splits extends NameLists {
    Splits() {
      super(() -> Choice.names(Split.values()));
    }
  }

  /** Of {@code --best}. */
  public static final class Figures extends NameLists {
    Figures() {
      super(() -> Choice.names(Figure.values()));
    }
  }

  /** Of {@code --device}. */
  public static final class Devices extends NameLists {
    Devices() {
      super(() -> Defaults.DEVICES);
    }
  }
}
