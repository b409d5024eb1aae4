package org.segtrain.optim;

import java.util.Locale;

/** How the learning rate falls over the steps of a run. */
public enum RateDecay {
  /** By a power of what is left of the run, to the lowest rate: MMSegmentation's {@code poly}. */
  POLY {
    @Override
    double at(LearningRate rate, long step) {
      return fallen(rate, Math.pow(1 - progress(rate, step), rate.power()));
    }
  },

  /** By half a cosine to the lowest rate: PyTorch's {@code CosineAnnealingLR} over the run. */
  COSINE {
    @Override
    double at(LearningRate rate, long step) {
      return fallen(rate, (1 + Math.cos(Math.PI * progress(rate, step))) / 2);
    }
  },

  /** By a factor at each milestone, but not below the lowest: PyTorch's {@code MultiStepLR}. */
  STEP {
    @Override
    double at(LearningRate rate, long step) {
      double passed = rate.milestones().stream().filter(milestone -> milestone <= step).count();
      return Math.max(rate.minimum(), rate.base() * Math.pow(rate.stepFactor(), passed));
    }
  },

  /** Not at all. */
  CONSTANT {
    @Override
    double at(LearningRate rate, long step) {
      return rate.base();
    }
  },

  /**
   * One cycle: by half a cosine up over the steps of warm-up, and by half a cosine down. Smith and
   * Topin (arXiv:1708.07120), as PyTorch's {@code OneCycleLR} with {@code pct_start} = warm-up /
   * steps. It begins at 1/25 of the rate and ends at 1/250,000, or the lowest rate if there is one.
   */
  ONECYCLE {
    @Override
    double at(LearningRate rate, long step) {
      double first = rate.base() / FIRST_DIVISOR;
      double last = rate.minimum() > 0 ? rate.minimum() : first / LAST_DIVISOR;
      double top = Math.max(0, rate.warmup() - 1.0);
      if (step < top) {
        return annealed(first, rate.base(), step / top);
      }
      double down = rate.iterations() - 1 - top;
      return annealed(rate.base(), last, down > 0 ? Math.min(1, (step - top) / down) : 1);
    }
  };

  private static final double FIRST_DIVISOR = 25;
  private static final double LAST_DIVISOR = 1e4;

  /** The rate of {@code step}, the first being 0, without a linear warm-up. */
  abstract double at(LearningRate rate, long step);

  /** Whether the rate rises by a rule of its own. */
  boolean hasOwnRise() {
    return this == ONECYCLE;
  }

  private static double progress(LearningRate rate, long step) {
    return Math.min(1, step / (double) rate.iterations());
  }

  private static double fallen(LearningRate rate, double share) {
    return (rate.base() - rate.minimum()) * share + rate.minimum();
  }

  private static double annealed(double from, double to, double share) {
    return to + (from - to) / 2 * (Math.cos(Math.PI * share) + 1);
  }

  /** The name at every border, {@code poly}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
