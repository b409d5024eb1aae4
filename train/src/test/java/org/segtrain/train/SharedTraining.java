package org.segtrain.train;

import ai.djl.Device;
import com.example.TrainsInProcesses;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.segtrain.augment.Augmentation;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Rendezvous;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;

/** A tiny run of several processes, and one of these processes: {@code DIR JSON [FATE SAMPLE]}. */
final class SharedTraining {

  private static final Duration TIMEOUT = Duration.ofSeconds(12);

  /** What happens to a process at one of its samples. */
  enum Fate {
    LIVES,
    DIES,
    FAILS,
    HANGS,
    DIFFERS
  }

  /**
   * How a process ended.
   *
   * @param code its exit code
   * @param said in sentences
   */
  record End(int code, String said) {}

  private SharedTraining() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    TrainConfig config = TinyRuns.config(arguments[1]);
    try {
      if (arguments.length == 2) {
        TrainsInProcesses.train(config, TinyData.STANDARD, folder, 1, 1);
      } else {
        train(config, folder, Fate.valueOf(arguments[2]), Integer.parseInt(arguments[3]));
      }
    } catch (DataException e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private static void train(TrainConfig config, Path folder, Fate fate, int sample) {
    try (Group group =
        Group.join(Rendezvous.of(System.getenv()).orElseThrow(), Device.cpu(), TIMEOUT)) {
      group.onFailure(SharedTraining::endSoon);
      Training.builder()
          .setConfig(
              config
                  .with("run.seed", fate == Fate.DIFFERS ? 8 : config.run().seed())
                  .with("schedule.processes", group.size()))
          .setDataset(TinyData.STANDARD)
          .optAugmentation(augmentation(fate, sample))
          .optResources(TinyRuns.oneThread(1))
          .setFolder(folder)
          .optGroup(group)
          .build()
          .run();
    }
  }

  private static void endSoon(String why) {
    try {
      Thread.sleep(TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      return;
    }
    System.out.println("hung: " + why);
    Runtime.getRuntime().halt(3);
  }

  private static Augmentation augmentation(Fate fate, int which) {
    AtomicInteger left = new AtomicInteger(which);
    return (sample, random) -> {
      if (left.decrementAndGet() == 0) {
        meet(fate);
      }
      return sample;
    };
  }

  private static void meet(Fate fate) {
    switch (fate) {
      case LIVES, DIFFERS -> throw new IllegalStateException("not at a sample");
      case DIES -> Runtime.getRuntime().halt(9);
      case FAILS -> throw new DataException("picture-3.png is damaged");
      case HANGS -> {
        try {
          Thread.sleep(10 * TIMEOUT.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * Runs all processes of one training and waits for their ends.
   *
   * @param json values of the configuration
   * @param fate what the last process suffers: its kind and the sample; empty for nothing
   */
  static List<End> run(int size, Path dir, String json, String... fate) throws Exception {
    int port = freePort();
    List<Process> processes = new ArrayList<>();
    try {
      for (int rank = 0; rank < size; rank++) {
        List<String> command =
            new ArrayList<>(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dai.djl.offline=true",
                    "-cp",
                    System.getProperty("java.class.path"),
                    SharedTraining.class.getName(),
                    dir.toString(),
                    json));
        if (fate.length > 0) {
          command.addAll(rank == size - 1 ? List.of(fate) : List.of(Fate.LIVES.toString(), "0"));
        }
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder
            .environment()
            .putAll(
                Map.of(
                    "RANK", String.valueOf(rank),
                    "WORLD_SIZE", String.valueOf(size),
                    "MASTER_ADDR", "127.0.0.1",
                    "MASTER_PORT", String.valueOf(port)));
        processes.add(builder.start());
      }
      List<End> ends = new ArrayList<>();
      for (Process process : processes) {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(1, TimeUnit.MINUTES);
        ends.add(new End(process.exitValue(), said));
      }
      return ends;
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
