package com.example;

import java.nio.file.Path;
import java.time.Duration;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Rendezvous;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.inference.Resources;
import org.segtrain.train.Training;

/** A program of a user: each of several processes runs it, and all share one training. */
public final class TrainsInProcesses {

  private TrainsInProcesses() {}

  /** Trains. {@code threads} of the engine and {@code workers} are those of each process. */
  public static void train(TrainConfig settings, Dataset data, Path run, int threads, int workers) {
    Rendezvous where = Rendezvous.of(System.getenv()).orElseThrow();
    Resources resources = Resources.start("auto", where.localRank(), threads, workers);
    try (Group group = Group.join(where, resources.device(), Duration.ofMinutes(30))) {
      Training.builder()
          .setConfig(settings.with("schedule.processes", group.size()))
          .setDataset(data)
          .setFolder(run)
          .optResources(resources)
          .optGroup(group)
          .build()
          .run();
    }
  }
}
