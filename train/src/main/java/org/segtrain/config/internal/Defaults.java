package org.segtrain.config.internal;

import java.util.List;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.MoreAugmentation;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.data.Sample;
import org.segtrain.heads.HeadVariant;
import org.segtrain.loss.LossMean;
import org.segtrain.metrics.Averaging;
import org.segtrain.metrics.Figure;
import org.segtrain.optim.OptimizerKind;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.RateDecay;

/** The overlays under those of data sets and recipes. */
public final class Defaults {

  /** No augmentation beyond that of the image rules, with published strengths of what may be on. */
  public static final Overlay NO_MORE_AUGMENTATION =
      Overlay.of("built in")
          .with("augmentation.rotation", MoreAugmentation.NONE.rotation())
          .with("augmentation.brightness", MoreAugmentation.NONE.brightness())
          .with("augmentation.contrast", MoreAugmentation.NONE.contrast())
          .with("augmentation.saturation", MoreAugmentation.NONE.saturation())
          .with("augmentation.hue", MoreAugmentation.NONE.hue())
          .with("augmentation.blur", MoreAugmentation.NONE.blur())
          .with("augmentation.blurSigma", MoreAugmentation.NONE.blurSigma())
          .with("augmentation.erasing", MoreAugmentation.NONE.erasing())
          .with("augmentation.erasingArea", MoreAugmentation.NONE.erasingArea());

  /** Whole photographs at one scale, at the size from which training images are resized. */
  public static final Overlay USUAL_EVALUATION =
      Overlay.of("built in")
          .with("evaluation.size", "")
          .with("evaluation.divisor", 0)
          .with("evaluation.padded", false)
          .with("evaluation.scales", List.of(1))
          .with("evaluation.flip", false)
          .with("evaluation.average", Averaging.PROBABILITIES)
          .with("evaluation.window", "")
          .with("evaluation.stride", "");

  /** AdamW, polynomial decay to 0 and cross-entropy, with usual numbers of the other kinds. */
  public static final Overlay USUAL_LEARNING =
      Overlay.of("built in")
          .with("schedule.decay", RateDecay.POLY)
          .with("schedule.milestones", List.of())
          .with("schedule.stepFactor", 0.1)
          .with("optimizer.kind", OptimizerKind.ADAMW)
          .with("optimizer.minimumRate", 0)
          .with("optimizer.momentum", 0.9)
          .with("optimizer.nesterov", false)
          .with("loss.terms", "ce")
          .with("loss.auxiliary", "");

  /** The defaults of a run. */
  public static final Overlay BUILT_IN =
      Overlay.of("built in")
          .with("model.head", HeadVariant.FPN.toString())
          .with("model.oneLogit", false)
          .with("model.dropPath", 0)
          .with("model.dropout", 0)
          .with("data.path", "")
          .with("data.scale", "")
          .with("data.images", ImageRules.ALIGNED)
          .with("data.rareClasses", 0)
          .with("data.parts", List.of())
          .with(NO_MORE_AUGMENTATION)
          .with("files.images", "")
          .with("files.masks", "")
          .with("files.splits", List.of())
          .with("files.lists", "")
          .with("files.splitValidation", 0)
          .with("files.first", 0)
          .with("files.voids", List.of(Sample.VOID))
          .with("files.labels", List.of())
          .with("files.colours", false)
          .with("files.palette", List.of())
          .with(USUAL_EVALUATION)
          .with("schedule.accumulate", 1)
          .with("schedule.processes", 1)
          .with("schedule.warmup", 100)
          .with("schedule.power", 0.9)
          .with("optimizer.weightDecay", 0.01)
          .with("optimizer.clip", 1)
          .with("optimizer.groups", ParameterGroups.STANDARD)
          .with(USUAL_LEARNING)
          .with("loss.mean", LossMean.VALID)
          .with("loss.classBalance", 0)
          .with("loss.labelSmoothing", 0)
          .with("run.seed", 0)
          .with("run.saveMinutes", 10)
          .with("run.keep", 0)
          .with("run.best", Figure.MEAN_IOU)
          .with("run.patience", 0)
          .with("run.recompute", false)
          .with("run.syncBatchNorm", true)
          .with("fineTuning.freeze", List.of())
          .with("fineTuning.layerDecay", 1)
          .with("fineTuning.ema", 0)
          .with("fineTuning.rules", List.of())
          .with("fineTuning.freezeStatistics", false)
          .with("weights.file", "")
          .with("weights.part", "");

  private Defaults() {}

  /** Values that depend on the machine that the run starts on, decided here alone. */
  public static Overlay ofMachine() {
    return Overlay.of("this machine")
        .with("run.precision", Precision.ofProcessor())
        .with("run.threads", Runtime.getRuntime().availableProcessors());
  }

  /** The values from the papers of a backbone and a head. */
  public static Overlay of(BackboneVariant backbone, HeadVariant head) {
    return Overlay.of("papers of %s and %s".formatted(backbone, head))
        .with("model.dropPath", backbone.dropPath())
        .with("model.dropout", head.dropout());
  }
}
