package org.segtrain.cli.commands;

import ai.djl.Device;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.segtrain.cli.options.TrainOptions;
import org.segtrain.cli.texts.Printable;
import org.segtrain.cli.texts.ShortErrors;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Rendezvous;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * This process as one of several. The first alone prints; errors of the others begin with their
 * rank and host. If one fails, all end.
 */
record Membership(CommandSpec spec, TrainOptions options, Rendezvous where) {

  /** To end by itself after a failure; the first saves the run in it. */
  private static final Duration GRACE_OF_FIRST = Duration.ofSeconds(30);

  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Runs {@code work} in the group, and returns its exit code. */
  int of(ToIntFunction<Group> work) {
    if (!where.isFirst()) {
      CommandLine root = spec.root().commandLine();
      root.setOut(new PrintWriter(Writer.nullWriter()));
      root.setErr(new PrintWriter(new RankWriter(root.getErr(), where.rank()), true));
    }
    if (where.isFirst() && !LocalProcesses.isLauncherOfThis()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "waiting for %s at port %d of %s"
              .formatted(
                  where.size() == 2 ? "rank 1" : "ranks 1 to " + (where.size() - 1),
                  where.port(),
                  where.host()));
      out.flush();
    }
    endWithLauncher();
    Device device = options.device.resourcesOf(where.localRank()).device();
    Group group = Group.join(where, device, options.processes.timeout());
    int[] code = new int[1];
    Interrupt.stops(() -> {}, () -> code[0] = in(group, work)); // a signal waits until it has left
    return code[0];
  }

  private int in(Group joined, ToIntFunction<Group> work) {
    try (joined) {
      joined.onFailure(this::endSoon);
      return tellingFailure(joined, work);
    }
  }

  /** A launcher that is killed cannot end its processes: they end by themselves, and save. */
  private static void endWithLauncher() {
    Optional.ofNullable(System.getenv(LocalProcesses.LAUNCHER))
        .map(Long::valueOf)
        .flatMap(ProcessHandle::of)
        .ifPresent(
            launcher -> {
              Thread thread = new Thread(() -> endAfter(launcher), "launcher");
              thread.setDaemon(true);
              thread.start();
            });
  }

  private static void endAfter(ProcessHandle launcher) {
    launcher.onExit().join();
    System.exit(ExitCode.SOFTWARE);
  }

  private int tellingFailure(Group group, ToIntFunction<Group> work) {
    try {
      return work.applyAsInt(group);
    } catch (RuntimeException | Error wrong) {
      group.fail(ShortErrors.sentence(wrong, spec));
      throw wrong;
    }
  }

  /** Ends a process whose work hangs, because another has failed. */
  private void endSoon(String sentence) {
    try {
      Thread.sleep((where.isFirst() ? GRACE_OF_FIRST : GRACE).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(Printable.of("%s: %s".formatted(spec.qualifiedName(), sentence)));
    err.flush();
    Runtime.getRuntime().halt(ExitCode.SOFTWARE);
  }
}
