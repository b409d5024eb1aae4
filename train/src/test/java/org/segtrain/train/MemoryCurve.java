package org.segtrain.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.segtrain.train.internal.ResidentMemory;

/** The memory of this process after calls, and by how much it grows for each. */
final class MemoryCurve {

  private static final double KILO = 1024;
  private static final double MEGA = KILO * KILO;

  /**
   * Memory at one moment, bytes.
   *
   * @param calls made so far
   * @param resident of the whole process
   * @param allocated by native code, and not freed
   */
  private record Moment(long calls, long resident, long allocated) {}

  /** A straight line through points, by least squares; the error is the standard error. */
  private record Slope(double value, double error) {

    static Slope of(List<Moment> moments, ToDoubleFunction<Moment> memory) {
      double meanX = moments.stream().mapToLong(Moment::calls).average().orElseThrow();
      double meanY = moments.stream().mapToDouble(memory).average().orElseThrow();
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (Moment moment : moments) {
        double x = moment.calls() - meanX;
        double y = memory.applyAsDouble(moment) - meanY;
        xx += x * x;
        xy += x * y;
        yy += y * y;
      }
      double value = xy / xx;
      double rest = Math.max(0, yy - value * xy) / (moments.size() - 2);
      return new Slope(value, Math.sqrt(rest / xx));
    }

    String kilobytes() {
      return String.format(Locale.ROOT, "%.2f +- %.2f kB", value / KILO, error / KILO);
    }
  }

  private final List<Moment> moments = new ArrayList<>();

  /** Notes the memory after so many calls; no calls are waited for. */
  void note(long calls) {
    moments.add(
        new Moment(calls, ResidentMemory.now().orElseThrow(), NativeHeap.now().orElseThrow()));
  }

  /** The growth from a number of calls on and in the second half of them, a line. */
  String growth(String call, long from) {
    List<Moment> later = moments.stream().filter(moment -> moment.calls() >= from).toList();
    List<Moment> half = later.subList(later.size() / 2, later.size());
    Moment first = later.get(0);
    Moment last = later.get(later.size() - 1);
    return String.format(
        Locale.ROOT,
        "resident %s, allocated %s for each %s from %d to %d; resident %.1f MB, %.1f MB, %.1f MB; in the"
            + " second half resident %s",
        Slope.of(later, Moment::resident).kilobytes(),
        Slope.of(later, Moment::allocated).kilobytes(),
        call,
        first.calls(),
        last.calls(),
        first.resident() / MEGA,
        half.get(0).resident() / MEGA,
        last.resident() / MEGA,
        Slope.of(half, Moment::resident).kilobytes());
  }
}
