package org.segtrain.data;

/**
 * A surface: how far from its first colour (0) to its second (1) a thing is at a point.
 *
 * <p>Points are in the thing's own axes, in units of {@code period} pixels; edges are softened over
 * one pixel. Noise patterns take their lattice from {@code seed}.
 */
enum Pattern {
  /** A slow change along the second axis. */
  PLAIN {
    @Override
    double mix(double u, double v, double period, long seed) {
      return clamp(0.5 + 0.5 * v);
    }
  },
  /** Wide soft clouds. */
  HAZE {
    @Override
    double mix(double u, double v, double period, long seed) {
      return clouds(u, v * 2, seed);
    }
  },
  /** Fine grain over coarser grain. */
  GRAIN {
    @Override
    double mix(double u, double v, double period, long seed) {
      return 0.6 * clouds(u, v, seed) + 0.4 * clouds(3 * u, 3 * v, seed + 1);
    }
  },
  /** Patches of two colours with crisp irregular borders. */
  CAMOUFLAGE {
    @Override
    double mix(double u, double v, double period, long seed) {
      return clamp(0.5 + 1.5 * period * (clouds(u, v, seed) - 0.5));
    }
  },
  /** Windows in rows and columns, in a wall. */
  WINDOWS {
    @Override
    double mix(double u, double v, double period, long seed) {
      return Math.min(band(u, 0.5, period), band(v, 0.6, period));
    }
  },
  /** A chessboard. */
  CHECKS {
    @Override
    double mix(double u, double v, double period, long seed) {
      double a = band(u, 0.5, period);
      double b = band(v, 0.5, period);
      return a + b - 2 * a * b;
    }
  },
  /** Parallel stripes. */
  STRIPES {
    @Override
    double mix(double u, double v, double period, long seed) {
      return band(u, 0.5, period);
    }
  };

  abstract double mix(double u, double v, double period, long seed);

  /** 1 within the middle {@code share} of each unit, else 0; soft over one pixel. */
  private static double band(double t, double share, double period) {
    double fromMiddle = Math.abs(t - Math.floor(t) - 0.5);
    return clamp(0.5 + (share / 2 - fromMiddle) * period);
  }

  /** Smooth noise in 0 to 1 with a random value at each whole point. */
  private static double clouds(double u, double v, long seed) {
    double column = Math.floor(u);
    double row = Math.floor(v);
    double s = smooth(u - column);
    double t = smooth(v - row);
    long i = (long) column;
    long j = (long) row;
    double top = (1 - s) * lattice(i, j, seed) + s * lattice(i + 1, j, seed);
    double bottom = (1 - s) * lattice(i, j + 1, seed) + s * lattice(i + 1, j + 1, seed);
    return (1 - t) * top + t * bottom;
  }

  private static double lattice(long i, long j, long seed) {
    return (Dice.mix(seed + i * 0x9E3779B97F4A7C15L + j * 0xC2B2AE3D27D4EB4FL) >>> 11) * 0x1p-53;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }
}
