package org.segtrain.cli.options;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.collectives.Rendezvous;
import org.segtrain.config.Overlay;
import org.segtrain.config.ScheduleConfig;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Processes that share a training. */
@Command(optionListHeading = "%nSeveral processes (docs/distributed.md):%n")
public final class ProcessOptions {

  private static final int MOST = 1024;
  private static final int LEAST_SECONDS = 10; // a busy machine may keep a process waiting
  private static final int MOST_SECONDS = 7 * 24 * 3600;
  private static final int SECONDS = 1800; // as PyTorch has it
  private static final String RESTARTS = "TORCHELASTIC_MAX_RESTARTS"; // torchrun says it

  private final Map<String, String> environment;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description =
          "Train in N processes on this machine, which share each step (1; torchrun and the like"
              + " start their own).")
  private Integer count;

  @Option(
      names = "--max-restarts",
      paramLabel = "N",
      description =
          "With --processes: after a failure start all again from the last checkpoint, at most N"
              + " times (0).")
  private Integer restarts;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "End all processes if one makes no progress for so long (1800).")
  private Integer timeout;

  @Option(
      names = "--sync-bn",
      negatable = true,
      description =
          "Normalise in batch norms over the batches of all processes (${bundle:run.syncBatchNorm}).")
  private Boolean syncBatchNorm;

  /** Options of this process, whose launcher speaks by environment variables. */
  public ProcessOptions() {
    this(System.getenv());
  }

  ProcessOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The group that a launcher started this process for.
   *
   * @throws UsageException if its variables are wrong, or differ from the options
   */
  public Optional<Rendezvous> launched() {
    Optional<Rendezvous> where = Rendezvous.of(environment);
    int size = where.map(Rendezvous::size).orElse(1);
    if (count != null && where.isPresent() && size != count) {
      throw new UsageException(
          "--processes is %d, but the launcher started %d; leave --processes out"
              .formatted(count, size));
    }
    return where;
  }

  /**
   * How many processes to start here; 1 for none but this one.
   *
   * @throws UsageException if it cannot be
   */
  public int starts() {
    int asked = count == null ? 1 : count;
    requireWithin("--processes", asked, 1, MOST);
    return launched().isPresent() ? 1 : asked;
  }

  /** How often to start all again. */
  public int restarts() {
    int asked = restarts == null ? 0 : restarts;
    requireWithin("--max-restarts", asked, 0, MOST);
    if (restarts != null && count == null) {
      throw new UsageException(
          "--max-restarts has no effect without --processes; give that, or leave it out");
    }
    return asked;
  }

  /** The time without progress after which a process has failed. */
  public Duration timeout() {
    int seconds = timeout == null ? SECONDS : timeout;
    requireWithin("--timeout", seconds, LEAST_SECONDS, MOST_SECONDS);
    return Duration.ofSeconds(seconds);
  }

  /** Whether a launcher would start the processes again if one failed. */
  public boolean isRestarted() {
    String most = environment.getOrDefault(RESTARTS, "0");
    return restarts() > 0 || (launched().isPresent() && !most.equals("0"));
  }

  private static void requireWithin(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(
          "%s must be from %d to %d, but is %d".formatted(option, least, most, value));
    }
  }

  /**
   * Refuses what has no effect on a run.
   *
   * @throws UsageException naming the option, and what it needs
   */
  void refuseIdle(TrainConfig config) {
    starts();
    restarts();
    timeout();
    int wanted = config.schedule().processes();
    if (wanted != size()) {
      throw new UsageException(
          "schedule.processes is %d, but there is 1 process; give --processes %d"
              .formatted(wanted, wanted));
    }
    boolean several = size() > 1;
    Idle.refuse("--timeout", timeout, "--processes N, or a launcher", () -> several);
    String norms = Boolean.FALSE.equals(syncBatchNorm) ? "--no-sync-bn" : "--sync-bn";
    Idle.refuse(norms, syncBatchNorm, "--processes N, or a launcher", () -> several);
  }

  private int size() {
    return launched().map(Rendezvous::size).orElseGet(this::starts);
  }

  /** Values of the launcher below those of files and options: the cores are shared. */
  Overlay shared() {
    int local = launched().map(Rendezvous::localSize).orElseGet(this::starts);
    Overlay none = Overlay.of("launcher");
    return local == 1 ? none : none.with("run.threads", Math.max(1, Defaults.cores() / local));
  }

  /** Values of the launcher above all others. */
  Overlay counted() {
    Overlay none = Overlay.of("launcher");
    return size() == 1 ? none : none.with("schedule.processes", size());
  }

  /** The values that these options give. */
  Overlay overlay() {
    return new GivenValues().set("run.syncBatchNorm", syncBatchNorm).overlay();
  }

  /**
   * The forward passes of each process of a run that goes on, so that a step has as many as before,
   * unless their number is given.
   *
   * @throws UsageException if the processes cannot share them evenly
   */
  Overlay goingOn(ScheduleConfig begun, List<Overlay> given) {
    Overlay same = Overlay.of("launcher");
    if (size() == begun.processes()) {
      return same;
    }
    Overlay other = same.with("schedule.processes", size());
    int passes = begun.passes();
    if (given.stream().skip(1).anyMatch(layer -> layer.has("schedule.accumulate"))) {
      return other;
    }
    if (passes % size() != 0) {
      throw new UsageException(
          "the run makes %s a step, which %s cannot share evenly; start another number of them, or give --accumulate"
              .formatted(Counted.of(passes, "forward pass"), Counted.of(size(), "process")));
    }
    return other.with("schedule.accumulate", passes / size());
  }
}
