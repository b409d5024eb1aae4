package org.segtrain.parity;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.segtrain.data.DataException;

/**
 * A file of the reference about the first steps of a training run.
 *
 * @param image shape of each batch
 * @param learningRates of the backbone, one for each step
 * @param multiplier of the learning rate of everything else
 * @param weightDecay of what decays
 * @param clip the largest norm of all gradients together
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon of the optimiser
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
    double beta1,
    double beta2,
    double epsilon,
    List<Step> steps,
    Map<String, GoldenArray> parameters,
    Map<String, GoldenArray> statistics) {

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
    if (!fields.text("decay_rule").equals(DECAY)) {
      throw new DataException("this build does not know the file's rule of weight decay");
    }
    List<Double> betas = fields.numbers("betas");
    Map<String, Double> multipliers = fields.map("lr_mult", Fields::number);
    if (betas.size() != 2 || !multipliers.equals(multipliers(multipliers.get("other")))) {
      throw new DataException("this build does not know the file's optimiser");
    }
    return new Trajectory(
        fields.text("backbone"),
        fields.text("head"),
        GoldenArray.shape(fields, "input"),
        fields.numbers("lr"),
        multipliers.get("other"),
        fields.number("weight_decay"),
        fields.number("clip_norm"),
        betas.get(0),
        betas.get(1),
        fields.number("eps"),
        fields.objects("log", Step::of),
        fields.map("final", GoldenArray::of),
        fields.map("bn_after", GoldenArray::of));
  }

  private static Map<String, Double> multipliers(Double other) {
    return other == null ? Map.of() : Map.of("backbone", 1.0, "other", other);
  }
}
