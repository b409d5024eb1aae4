package org.segtrain.cli.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.segtrain.cli.options.ProcessOptions;
import org.segtrain.cli.texts.Printable;
import org.segtrain.errors.DataException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Processes of this command on this machine that share a training, with the variables that torchrun
 * gives them. The first has the console.
 */
record LocalProcesses(CommandSpec spec, int count, int restarts) {

  /** The variable that names the process of this class to those that it starts. */
  static final String LAUNCHER = "SEGTRAIN_LAUNCHER";

  private static final Pattern OF_FIRST = Pattern.compile("rank 0 on \\S+ failed: ");
  private static final Pattern FIRST_HANGS =
      Pattern.compile("rank 0 on \\S+ (died or answers no more|made no progress)");

  /** After a failure: for the first process, which saves the run, and then for the others. */
  private static final Duration GRACE_OF_FIRST = Duration.ofSeconds(35);

  private static final Duration GRACE = Duration.ofSeconds(6);
  private static final int KILLED = 128; // exit codes above it are numbers of signals

  /** Signals that ask to end: of a closed terminal, of Ctrl-C, of the system. */
  private static final Set<Integer> ASKING = Set.of(1, 2, 15);

  /** Whether this process is one of those that another started here. */
  static boolean isLauncherOfThis() {
    return System.getenv(LAUNCHER) != null;
  }

  LocalProcesses(CommandSpec spec, ProcessOptions options) {
    this(spec, options.starts(), options.restarts());
  }

  /** Runs them, and again from the last checkpoint if one fails, and returns the exit code. */
  int run() {
    Set<Process> running = ConcurrentHashMap.newKeySet();
    AtomicBoolean stopped = new AtomicBoolean();
    int[] code = new int[1];
    Interrupt.stops(
        () -> {
          stopped.set(true);
          running.forEach(Process::destroy);
        },
        () -> {
          for (int attempt = 0; attempt <= restarts; attempt++) {
            code[0] = run(attempt, running, stopped);
            if (code[0] != ExitCode.SOFTWARE || stopped.get()) {
              return;
            } else if (attempt < restarts) {
              say("starts all processes again (%d of %d)".formatted(attempt + 1, restarts));
            }
          }
        });
    return code[0];
  }

  private int run(int attempt, Set<Process> running, AtomicBoolean stopped) {
    running.clear();
    int port = freePort();
    Set<String> said = ConcurrentHashMap.newKeySet();
    List<Process> processes = new ArrayList<>();
    try {
      for (int rank = 0; rank < count; rank++) {
        Process process = start(rank, port, attempt);
        processes.add(process);
        running.add(process);
        if (stopped.get()) { // before it was there
          process.destroy();
        }
        if (rank > 0) {
          passOn(process, said, processes.get(0));
        }
      }
      return ended(processes, said);
    } catch (IOException e) {
      throw new DataException(
          "cannot start process %d of %d: %s; start fewer"
              .formatted(processes.size() + 1, count, e.getMessage()),
          e);
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  private Process start(int rank, int port, int attempt) throws IOException {
    List<String> own = spec.root().commandLine().getParseResult().originalArgs();
    ProcessBuilder builder =
        new ProcessBuilder(OwnProcess.command(own)).redirectInput(Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("TORCHELASTIC_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "RANK",
                String.valueOf(rank),
                "LOCAL_RANK",
                String.valueOf(rank),
                "WORLD_SIZE",
                String.valueOf(count),
                "LOCAL_WORLD_SIZE",
                String.valueOf(count),
                "MASTER_ADDR",
                InetAddress.getLoopbackAddress().getHostAddress(),
                "MASTER_PORT",
                String.valueOf(port),
                "TORCHELASTIC_RESTART_COUNT",
                String.valueOf(attempt),
                "TORCHELASTIC_MAX_RESTARTS",
                String.valueOf(restarts),
                LAUNCHER,
                String.valueOf(ProcessHandle.current().pid())));
    boolean first = rank == 0;
    builder.redirectOutput(first ? Redirect.INHERIT : Redirect.DISCARD);
    builder.redirectError(first ? Redirect.INHERIT : Redirect.PIPE);
    return builder.start();
  }

  /**
   * Prints the error lines of a process, each once. The first process says itself how it failed;
   * one that hangs cannot end by itself.
   */
  private void passOn(Process process, Set<String> said, Process first) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(
                      new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  if (!OF_FIRST.matcher(line).find()
                      && said.add(line.replaceFirst("^\\[rank \\d+ [^\\]]*\\] ", ""))) {
                    err().println(Printable.of(line));
                    err().flush();
                  }
                  if (FIRST_HANGS.matcher(line).find()) {
                    first.destroyForcibly();
                  }
                }
              } catch (IOException e) {
                return; // it has ended
              }
            },
            "process-errors");
    reader.setDaemon(true);
    reader.start();
  }

  /** Waits until all have ended, and returns the code of the first that failed, or 0. */
  private int ended(List<Process> processes, Set<String> said) {
    CompletableFuture<Process> failed = new CompletableFuture<>();
    List<CompletableFuture<Process>> ends = new ArrayList<>();
    for (Process process : processes) {
      ends.add(
          process
              .onExit()
              .whenComplete(
                  (ended, wrong) -> {
                    if (ended.exitValue() != 0) {
                      failed.complete(ended);
                    }
                  }));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    CompletableFuture.anyOf(failed, all).join();
    if (!failed.isDone()) {
      return ExitCode.OK;
    }
    Process first = failed.join();
    int signal = first.exitValue() - KILLED;
    boolean isKilled = signal > 0 && !ASKING.contains(signal);
    boolean isByUs = said.stream().anyMatch(FIRST_HANGS.asPredicate());
    if (isKilled && !isByUs) {
      say(
          "rank %d was killed by signal %d%s"
              .formatted(
                  processes.indexOf(first),
                  signal,
                  signal == 9 ? ", perhaps by the system for its memory" : ""));
    }
    if (comes(processes.get(0).onExit(), GRACE_OF_FIRST)) {
      comes(all, GRACE); // the caller ends those that do not
    }
    return isKilled ? ExitCode.SOFTWARE : first.exitValue();
  }

  /** Whether it comes about in that time. */
  private static boolean comes(CompletableFuture<?> end, Duration time) {
    try {
      end.get(time.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // an exit cannot fail
    }
  }

  private void say(String sentence) {
    err().println(Printable.of("%s: %s".formatted(spec.qualifiedName(), sentence)));
    err().flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
