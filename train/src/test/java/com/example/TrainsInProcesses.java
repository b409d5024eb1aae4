package com.example;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Rendezvous;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.inference.Resources;
import org.segtrain.train.Training;

/** A program of a user: each of several processes runs it, and all share one training. */
public final class TrainsInProcesses {

  private TrainsInProcesses() {}

  /** Trains, in a launcher's processes or alone. */
  public static void train(TrainConfig config, Dataset data, Path run, int threads, int workers) {
    Optional<Rendezvous> launched = Rendezvous.of(System.getenv());
    int localRank = launched.map(Rendezvous::localRank).orElse(0);
    Resources resources = Resources.start("auto", localRank, threads, workers);
    try (Group group =
        launched.isPresent()
            ? Group.join(launched.get(), resources.device(), Duration.ofMinutes(30))
            : Group.alone()) {
      Training.builder()
          .setConfig(config.with("schedule.processes", group.size()))
          .setDataset(data)
          .setFolder(run)
          .optResources(resources)
          .optGroup(group)
          .build()
          .run();
    }
  }
}
