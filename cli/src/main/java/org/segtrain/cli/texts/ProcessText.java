package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.List;
import org.segtrain.config.ScheduleConfig;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;

/** What is said of the processes that share a training. */
public final class ProcessText {

  private ProcessText() {}

  /**
   * "8 processes on 2 machines by nccl; a step has 16 images: 8 x 1 forward pass of 2".
   *
   * @param hosts of the processes
   * @param gpus whether each has a GPU
   */
  public static String of(ScheduleConfig schedule, List<String> hosts, boolean gpus) {
    return "%s on %s by %s; a step has %s: %d x %s of %d"
        .formatted(
            Counted.of(hosts.size(), "process"),
            Counted.of(hosts.stream().distinct().count(), "machine"),
            gpus ? "nccl" : "gloo",
            Counted.of(schedule.stepImages(), "image"),
            schedule.processes(),
            Counted.of(schedule.accumulate(), "forward pass"),
            schedule.batch());
  }

  /** Lines about a run that goes on in another number of processes; none if it does not. */
  public static List<String> ofOthers(ScheduleConfig before, TrainConfig now) {
    ScheduleConfig schedule = now.schedule();
    List<String> lines = new ArrayList<>();
    if (before.processes() == schedule.processes()) {
      return lines;
    }
    lines.add(
        "goes on in %s instead of %d; each now makes %s a step instead of %d"
            .formatted(
                Counted.of(schedule.processes(), "process"),
                before.processes(),
                Counted.of(schedule.accumulate(), "forward pass"),
                before.accumulate()));
    int images = schedule.batch() * schedule.processes();
    int imagesBefore = before.batch() * before.processes();
    if (now.run().syncBatchNorm() && images != imagesBefore) {
      lines.add(
          "warning: batch norms now normalise over %s instead of %d"
              .formatted(Counted.of(images, "image"), imagesBefore));
    }
    return lines;
  }
}
