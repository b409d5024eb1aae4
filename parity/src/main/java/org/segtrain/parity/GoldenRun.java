package org.segtrain.parity;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.errors.DataException;

/**
 * One pass of the reference through a model, and with gradients one back; nothing dropped at
 * random.
 *
 * @param name where it stands in the file
 * @param filling of weights and image
 * @param mode of the layers
 * @param image shape of the image
 * @param outputs by name, in the order of the model; none if not stated
 * @param taps outputs of blocks inside, by their path
 * @param loss null if there is none
 * @param gradients by the name of the parameter; {@link #IMAGE} for that of the image
 * @param unreached parameters without a gradient, null if the run has no gradients
 * @param statisticsAfter running statistics of batch norm after the run, by name
 */
record GoldenRun(
    String name,
    Filling filling,
    Mode mode,
    Shape image,
    Map<String, GoldenArray> outputs,
    Map<String, List<GoldenArray>> taps,
    GoldenLoss loss,
    Map<String, GoldenArray> gradients,
    List<String> unreached,
    Map<String, GoldenArray> statisticsAfter) {

  static final String IMAGE = "image";
  static final String AUXILIARY = "aux_logits";

  private static final String MAPS = "outputs";

  enum Mode {
    EVALUATION,
    TRAINING,
    /** Training, but batch norm with its running statistics. */
    TRAINING_WITH_FROZEN_STATISTICS
  }

  /** An evaluation, whose field is named by the shape of the image. */
  static GoldenRun evaluation(Fields parent, String section, String field, Filling filling) {
    return parent.object(
        field,
        fields ->
            new GoldenRun(
                section + " " + field,
                filling,
                Mode.EVALUATION,
                shape(field),
                outputs(fields, section + " " + field),
                fields.has("taps") ? fields.map("taps", GoldenRun::arrays) : Map.of(),
                fields.has("loss") ? fields.object("loss", GoldenLoss::of) : null,
                Map.of(),
                null,
                Map.of()));
  }

  /** A pass forth and back. */
  static GoldenRun training(
      Fields parent, String field, String section, Filling filling, Mode mode) {
    return parent.object(
        field,
        fields -> {
          boolean graded =
              fields.hasSection(
                  section + " gradients", "grads", "input_grad", "params_without_grad");
          boolean lossy = fields.hasSection(section + " loss", "loss", "loss_f64");
          return new GoldenRun(
              section,
              filling,
              mode,
              GoldenArray.shape(fields, "input"),
              outputs(fields, section),
              Map.of(),
              lossy ? GoldenLoss.ofTraining(fields) : null,
              graded ? gradients(fields) : Map.of(),
              graded ? fields.texts("params_without_grad") : null,
              statistics(fields, section, mode));
        });
  }

  private static Map<String, GoldenArray> gradients(Fields fields) {
    Map<String, GoldenArray> gradients = new LinkedHashMap<>();
    if (fields.has("input_grad")) {
      gradients.put(IMAGE, GoldenArray.of(fields, "input_grad"));
    }
    gradients.putAll(fields.map("grads", GoldenArray::of));
    return gradients;
  }

  /** A bare backbone's training states them, even if there are none. */
  private static Map<String, GoldenArray> statistics(Fields fields, String section, Mode mode) {
    boolean stated = fields.has(MAPS) && mode == Mode.TRAINING;
    return stated || fields.has("bn_after")
        ? fields.arrays(section + " statistics", "bn_after")
        : Map.of();
  }

  /** The maps of a backbone, or the scores of the heads. */
  private static Map<String, GoldenArray> outputs(Fields fields, String section) {
    Map<String, GoldenArray> outputs = new LinkedHashMap<>();
    if (!fields.hasSection(section + " outputs", MAPS, "logits", AUXILIARY)) {
      return outputs;
    }
    if (fields.has(MAPS)) {
      for (GoldenArray map : arrays(fields, MAPS)) {
        outputs.put("map " + outputs.size(), map);
      }
      if (outputs.isEmpty()) {
        throw Fields.nothingIn(section + " outputs");
      }
    } else {
      outputs.put("logits", GoldenArray.of(fields, "logits"));
      fields.ignore("argmax_agree_f64"); // says how well the reference agrees with itself
    }
    if (fields.has(AUXILIARY)) {
      outputs.put(AUXILIARY, GoldenArray.of(fields, AUXILIARY));
    }
    return outputs;
  }

  private static List<GoldenArray> arrays(Fields fields, String name) {
    return new ArrayList<>(fields.objects(name, GoldenArray::of));
  }

  private static Shape shape(String field) {
    if (!field.matches("\\d+x\\d+x\\d+x\\d+")) {
      throw new DataException(
          "evaluation \"%s\" of the file is not named by the shape of an image".formatted(field));
    }
    return new Shape(Arrays.stream(field.split("x", -1)).mapToLong(Long::parseLong).toArray());
  }
}
