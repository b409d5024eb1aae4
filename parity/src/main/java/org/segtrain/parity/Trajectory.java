package org.segtrain.parity;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.errors.DataException;

/**
 * A file of the reference about the first steps of a training run.
 *
 * @param image shape of each batch
 * @param learningRates of the backbone, one for each step
 * @param multiplier of the learning rate of everything else
 * @param weightDecay of what decays
 * @param clip the largest norm of all gradients together
 * @param steps results of each step; none if not stated
 * @param parameters after the last step, by name; none if not stated
 * @param statistics running statistics of batch norm after the last step, by name; none if not
 *     stated
 */
record Trajectory(
    String backbone,
    String head,
    Shape image,
    List<Double> learningRates,
    double multiplier,
    double weightDecay,
    double clip,
    List<Step> steps,
    Map<String, GoldenArray> parameters,
    Map<String, GoldenArray> statistics) {

  /** The fields that hold numbers to compare. */
  static final List<String> SECTIONS = List.of("log", "final", "bn_after");

  /** Names of the sections in reports. */
  static final String LOSSES = "losses";

  static final String NORMS = "gradient norms";
  static final String PARAMETERS = "parameters after the last step";
  static final String STATISTICS = "statistics after the last step";

  private static final List<Double> BETAS = List.of(0.9, 0.999);
  private static final double EPSILON = 1e-8;

  /** The one rule of which parameters decay that this build follows. */
  private static final String DECAY =
      "weight decay on tensors of >= 2 dimensions except pos_embed* and relative_position*;"
          + " none elsewhere";

  /**
   * One step.
   *
   * @param norm of all gradients together, before it is clipped
   */
  record Step(GoldenLoss loss, double norm, double normInFloat64) {

    private static Step of(Fields fields) {
      fields.ignore("step"); // they stand in order
      return new Step(
          new GoldenLoss(
              fields.number("loss"),
              fields.number("loss_f64"),
              fields.number("main"),
              fields.numberOrNull("aux"),
              Double.NaN),
          fields.number("grad_norm"),
          fields.number("grad_norm_f64"));
    }
  }

  Trajectory {
    learningRates = List.copyOf(learningRates);
    steps = List.copyOf(steps);
    boolean asMany = steps.isEmpty() || steps.size() == learningRates.size();
    if (learningRates.isEmpty() || !asMany) {
      throw new DataException(
          "the file has %d steps and %d learning rates; use an unchanged file"
              .formatted(steps.size(), learningRates.size()));
    }
  }

  static Trajectory of(Fields fields) {
    fields.ignore("steps"); // the log has as many
    Map<String, Double> multipliers = fields.map("lr_mult", Fields::number);
    if (!multipliers.keySet().equals(Set.of("backbone", "other"))
        || multipliers.get("backbone") != 1
        || !fields.numbers("betas").equals(BETAS)
        || fields.number("eps") != EPSILON
        || !fields.text("decay_rule").equals(DECAY)) {
      throw new DataException("the file's optimiser is not this build's AdamW");
    }
    return new Trajectory(
        fields.text("backbone"),
        fields.text("head"),
        GoldenArray.shape(fields, "input"),
        fields.numbers("lr"),
        multipliers.get("other"),
        fields.number("weight_decay"),
        fields.number("clip_norm"),
        log(fields),
        arrays(fields, PARAMETERS, "final"),
        arrays(fields, STATISTICS, "bn_after"));
  }

  private static List<Step> log(Fields fields) {
    boolean losses = fields.hasSection(LOSSES, "log");
    boolean norms = fields.hasSection(NORMS, "log");
    List<Step> steps = losses && norms ? fields.objects("log", Step::of) : List.of();
    if (losses && steps.isEmpty()) {
      throw Fields.nothingIn("log");
    }
    return steps;
  }

  private static Map<String, GoldenArray> arrays(Fields fields, String section, String name) {
    Map<String, GoldenArray> arrays = fields.arrays(section, name);
    if (fields.has(name) && arrays.isEmpty()) {
      throw Fields.nothingIn(name);
    }
    return arrays;
  }
}
