package org.segtrain.collectives;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;

/**
 * Where the processes of a group meet, and which of them this is, as launchers tell it by
 * environment variables.
 *
 * @param rank number of this process, from 0
 * @param localRank its number among those of its machine, from 0, which picks the GPU
 * @param localSize how many there are on its machine; 1 if the launcher does not say
 * @param size how many processes there are (the world size)
 * @param host name or address of the machine of rank 0
 * @param port at which rank 0 listens there
 * @param served whether the launcher listens there, instead of rank 0, as torchrun does
 * @param attempt how often the launcher has started all of them before
 */
public record Rendezvous(
    int rank,
    int localRank,
    int localSize,
    int size,
    String host,
    int port,
    boolean served,
    int attempt) {

  /** PyTorch's port, if nobody gives another. */
  public static final int USUAL_PORT = 29500;

  private static final int MOST = 1 << 16;

  /** The variables of a launcher: number of the process, number on its machine, how many. */
  private record Launcher(String rank, String localRank, String localSize, String size) {

    boolean isIn(Map<String, String> environment) {
      return environment.containsKey(rank) && environment.containsKey(size);
    }
  }

  /** torchrun, Slurm's srun, Open MPI; an indexed job of Kubernetes has its index alone. */
  private static final List<Launcher> LAUNCHERS =
      List.of(
          new Launcher("RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "WORLD_SIZE"),
          new Launcher(
              "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NTASKS_PER_NODE", "SLURM_STEP_NUM_TASKS"),
          new Launcher(
              "OMPI_COMM_WORLD_RANK",
              "OMPI_COMM_WORLD_LOCAL_RANK",
              "OMPI_COMM_WORLD_LOCAL_SIZE",
              "OMPI_COMM_WORLD_SIZE"),
          new Launcher("JOB_COMPLETION_INDEX", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "WORLD_SIZE"));

  public Rendezvous {
    if (size < 1 || size > MOST) {
      throw new UsageException(
          "a group has from 1 to %d processes, but the world size is %d".formatted(MOST, size));
    }
    if (rank < 0 || rank >= size) {
      throw new UsageException(
          "the ranks of %s are from 0 to %d, but the rank is %d"
              .formatted(Counted.of(size, "process"), size - 1, rank));
    }
    if (localRank < 0 || localRank > rank) {
      throw new UsageException(
          "the local rank is from 0 to the rank, %d, but is %d".formatted(rank, localRank));
    }
    if (localSize < 1 || localSize > size) {
      throw new UsageException(
          "the processes of one machine are from 1 to %d, but %d".formatted(size, localSize));
    }
    if (host.isBlank()) {
      throw new UsageException("the address of rank 0 is empty; set MASTER_ADDR");
    }
    if (port < 1 || port > 65535) {
      throw new UsageException(
          "the port of rank 0 is from 1 to 65535, but is %d; set MASTER_PORT".formatted(port));
    }
  }

  /**
   * What a launcher says to this process: torchrun, Slurm, Open MPI, or an indexed job of
   * Kubernetes.
   *
   * @param environment variables, such as {@code System.getenv()}
   * @return empty if there is no launcher, or just one process
   * @throws UsageException if variables are missing or wrong
   */
  public static Optional<Rendezvous> of(Map<String, String> environment) {
    Optional<Launcher> found =
        LAUNCHERS.stream().filter(launcher -> launcher.isIn(environment)).findFirst();
    if (found.isEmpty()) {
      requireNoHalf(environment);
      return Optional.empty();
    }
    Launcher launcher = found.get();
    int rank = number(environment, launcher.rank());
    int size = number(environment, launcher.size());
    String host = environment.get("MASTER_ADDR");
    if (host == null && size > 1) {
      throw new UsageException(
          "the world size (%s) is %d, but MASTER_ADDR is not set; set it to the name or address of the machine of rank 0"
              .formatted(launcher.size(), size));
    }
    Rendezvous where =
        new Rendezvous(
            rank,
            number(environment, launcher.localRank(), 0),
            Math.max(1, Math.min(size, number(environment, launcher.localSize(), 1))),
            size,
            host == null ? "localhost" : host,
            number(environment, "MASTER_PORT", USUAL_PORT),
            "True".equalsIgnoreCase(environment.get("TORCHELASTIC_USE_AGENT_STORE")),
            number(environment, "TORCHELASTIC_RESTART_COUNT", 0));
    return size == 1 ? Optional.empty() : Optional.of(where);
  }

  /** Half of torchrun's variables would start one training that believes that it is alone. */
  private static void requireNoHalf(Map<String, String> environment) {
    if (environment.containsKey("WORLD_SIZE") && number(environment, "WORLD_SIZE") > 1) {
      throw new UsageException(
          "the world size (WORLD_SIZE) is %s, but RANK is not set; set it, or remove WORLD_SIZE for a single process"
              .formatted(environment.get("WORLD_SIZE")));
    } else if (environment.containsKey("RANK")) {
      throw new UsageException(
          "the rank (RANK) is %s, but WORLD_SIZE is not set; set it, or remove RANK for a single process"
              .formatted(environment.get("RANK")));
    }
  }

  private static int number(Map<String, String> environment, String name, int otherwise) {
    return environment.containsKey(name) ? number(environment, name) : otherwise;
  }

  private static int number(Map<String, String> environment, String name) {
    String text = environment.get(name);
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new UsageException(
          "the environment variable %s must be a whole number, but is \"%s\"".formatted(name, text),
          e);
    }
  }

  /** Whether this process is the first, which writes what the group leaves behind. */
  public boolean isFirst() {
    return rank == 0;
  }
}
