package org.segtrain.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Json;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.inference.Resources;
import org.segtrain.loss.LossMean;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups;

/** Runs of seconds, for tests. */
public final class TinyRuns {

  /** Four steps of twice two pictures, everything random switched on, evaluated twice. */
  public static final TrainConfig CONFIG =
      new TrainConfig(
          "pvt_tiny",
          "fpn",
          "tiny",
          null,
          4,
          2,
          2,
          32,
          0.5,
          2,
          true,
          ImageRules.ALIGNED,
          1e-3,
          2,
          0.9,
          0.01,
          1,
          0.1f,
          0.1f,
          0.5,
          LossMean.VALID,
          Precision.FP32,
          7,
          2,
          ParameterGroups.STANDARD,
          FineTuning.NONE,
          null);

  private TinyRuns() {}

  /** {@link #CONFIG} with other components, given as JSON. */
  public static TrainConfig config(String json) {
    try {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode node = (ObjectNode) mapper.readTree(Json.line(CONFIG));
      node.setAll((ObjectNode) mapper.readTree(json));
      return TrainConfig.read(node.toString());
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalArgumentException(json, e);
    }
  }

  public static Resources oneThread(int workers) {
    return Resources.start("cpu", 1, workers);
  }

  /** A run into {@code dir}, which goes on if one was begun there. */
  static Training training(TrainConfig config, Dataset dataset, int workers, Path dir) {
    PrintWriter out = new PrintWriter(new StringWriter());
    return new Training(config, dataset, oneThread(workers), new RunFolder(dir), out, false);
  }

  public static RunFolder run(TrainConfig config, Dataset dataset, int workers, Path dir) {
    training(config, dataset, workers, dir).run();
    return new RunFolder(dir);
  }

  /** Runs until the first evaluation, during which it is asked to stop. */
  public static Training.Summary runUntilEvaluated(
      TrainConfig config, TinyData dataset, int workers, Path dir) {
    Training[] self = new Training[1];
    self[0] = training(config, dataset.onValidation(() -> self[0].requestStop()), workers, dir);
    return self[0].run();
  }
}
