package org.segtrain.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.errors.DataException;

/**
 * A file of the reference about one backbone, or one backbone with a head.
 *
 * @param name of the model
 * @param head null for a bare backbone
 * @param parameters how many numbers are learned
 * @param parts how many of them belong to each part of the model
 * @param statistics how many numbers the running statistics of batch norm are; -1 if not stated
 * @param runs what the reference ran
 */
record Golden(
    String name,
    String backbone,
    String head,
    long parameters,
    Map<String, Long> parts,
    long statistics,
    List<GoldenRun> runs) {

  Golden {
    parts = Map.copyOf(parts);
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
    return new Golden(
        name,
        headed ? fields.text("backbone") : name,
        headed ? fields.text("head") : null,
        (long) fields.number("params"),
        headed ? fields.map("params_parts", (parts, part) -> (long) parts.number(part)) : Map.of(),
        fields.has("float_buffers") ? (long) fields.number("float_buffers") : -1,
        runs(fields));
  }

  private static List<GoldenRun> runs(Fields fields) {
    List<GoldenRun> runs = new ArrayList<>(evaluations(fields, "eval", Filling.SIN));
    runs.add(GoldenRun.training(fields, "train", "train", Filling.SIN, GoldenRun.Mode.TRAINING));
    runs.add(
        GoldenRun.training(
            fields,
            "train_bn_eval",
            "train_bn_eval",
            Filling.SIN,
            GoldenRun.Mode.TRAINING_WITH_FROZEN_STATISTICS));
    runs.addAll(
        fields.object(
            "hash",
            hash -> {
              List<GoldenRun> full = new ArrayList<>(evaluations(hash, "hash.eval", Filling.HASH));
              full.add(
                  GoldenRun.training(
                      hash, "train", "hash.train", Filling.HASH, GoldenRun.Mode.TRAINING));
              return full;
            }));
    return runs;
  }

  private static List<GoldenRun> evaluations(Fields fields, String section, Filling filling) {
    return List.copyOf(
        fields
            .map("eval", (images, shape) -> GoldenRun.evaluation(images, section, shape, filling))
            .values());
  }
}
