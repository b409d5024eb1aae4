package org.segtrain.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.errors.DataException;

/**
 * A file of the reference about one backbone, or one backbone with a head.
 *
 * @param name of the model
 * @param head null for a bare backbone
 * @param counts how many numbers the model has, if it is stated
 * @param runs what the reference ran
 */
record Golden(
    String name, String backbone, String head, Optional<Counts> counts, List<GoldenRun> runs) {

  /** The fields that hold numbers to compare. */
  static final List<String> SECTIONS = List.of("params", "eval", "train", "train_bn_eval", "hash");

  /**
   * How many numbers the model has.
   *
   * @param parameters that are learned
   * @param parts how many of them belong to each part of the model
   * @param statistics running statistics of batch norm; -1 if not stated
   */
  record Counts(long parameters, Map<String, Long> parts, long statistics) {

    Counts {
      parts = Map.copyOf(parts);
    }

    private static Counts of(Fields fields, boolean headed) {
      return new Counts(
          (long) fields.number("params"),
          headed
              ? fields.map("params_parts", (parts, part) -> (long) parts.number(part))
              : Map.of(),
          fields.has("float_buffers") ? (long) fields.number("float_buffers") : -1);
    }
  }

  Golden {
    runs = List.copyOf(runs);
  }

  static Golden of(Fields fields) {
    fields.ignore("family"); // the backbone says it
    fields.ignore("torch"); // version of PyTorch
    if (fields.number("amp") != 1) {
      throw new DataException("the file's weights are not of amplitude 1; use an unchanged file");
    }
    String name = fields.text("name");
    boolean headed = fields.has("head");
    boolean counted = fields.hasSection("parameters", "params", "params_parts", "float_buffers");
    return new Golden(
        name,
        headed ? fields.text("backbone") : name,
        headed ? fields.text("head") : null,
        counted ? Optional.of(Counts.of(fields, headed)) : Optional.empty(),
        runs(fields));
  }

  private static List<GoldenRun> runs(Fields fields) {
    List<GoldenRun> runs = new ArrayList<>(evaluations(fields, "eval", Filling.SIN));
    runs.addAll(training(fields, "train", "train", Filling.SIN, GoldenRun.Mode.TRAINING));
    runs.addAll(
        training(
            fields,
            "train_bn_eval",
            "train_bn_eval",
            Filling.SIN,
            GoldenRun.Mode.TRAINING_WITH_FROZEN_STATISTICS));
    if (fields.hasSection("hash", "hash")) {
      runs.addAll(fields.object("hash", Golden::fullRankRuns));
    }
    return runs;
  }

  private static List<GoldenRun> fullRankRuns(Fields hash) {
    List<GoldenRun> runs = new ArrayList<>(evaluations(hash, "hash.eval", Filling.HASH));
    runs.addAll(training(hash, "train", "hash.train", Filling.HASH, GoldenRun.Mode.TRAINING));
    return runs;
  }

  private static List<GoldenRun> evaluations(Fields fields, String section, Filling filling) {
    if (!fields.hasSection(section, "eval")) {
      return List.of();
    }
    Map<String, GoldenRun> runs =
        fields.map(
            "eval", (images, shape) -> GoldenRun.evaluation(images, section, shape, filling));
    if (runs.isEmpty()) {
      throw Fields.nothingIn(section);
    }
    return List.copyOf(runs.values());
  }

  private static List<GoldenRun> training(
      Fields fields, String field, String section, Filling filling, GoldenRun.Mode mode) {
    return fields.hasSection(section, field)
        ? List.of(GoldenRun.training(fields, field, section, filling, mode))
        : List.of();
  }
}
