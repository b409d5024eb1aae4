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
 * @param steps what each step gave
 * @param parameters after the last step, by name
 * @param statistics running statistics of batch norm after the last step, by name
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
    if (steps.isEmpty() || steps.size() != learningRates.size()) {
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
        fields.objects("log", Step::of),
        fields.map("final", GoldenArray::of),
        fields.map("bn_after", GoldenArray::of));
  }
}
