package org.segtrain.inference;

import java.util.List;
import java.util.stream.Collectors;
import org.segtrain.config.DataPart;
import org.segtrain.config.EvaluationConfig;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.images.InputSize;

/**
 * The model and the data of an evaluation, for people.
 *
 * @param model where the weights come from: lines
 * @param dataset kind of data set
 * @param folder of the data, or several; empty if it needs none
 * @param split of the data set
 * @param images of the split
 * @param size where the model reads them
 * @param evaluation how the model is run on them
 * @param precision of activations
 */
public record EvaluationSource(
    List<String> model,
    String dataset,
    String folder,
    String split,
    int images,
    InputSize size,
    EvaluationConfig evaluation,
    Precision precision) {

  public EvaluationSource {
    model = List.copyOf(model);
  }

  /** The same, with another name of its split. */
  public EvaluationSource named(String other) {
    return new EvaluationSource(model, dataset, folder, other, images, size, evaluation, precision);
  }

  /**
   * That of a split.
   *
   * @param config that the data set was opened with
   */
  public static EvaluationSource of(
      ModelInUse model, TrainConfig config, Dataset dataset, Split split) {
    return of(model.origin(), model.config(), config, dataset, split);
  }

  /** That of a split on which the model of a training is measured. */
  static EvaluationSource of(
      List<String> origin, TrainConfig config, Dataset dataset, Split split) {
    return of(origin, config, config, dataset, split);
  }

  private static EvaluationSource of(
      List<String> origin, TrainConfig model, TrainConfig data, Dataset dataset, Split split) {
    String path = data.data().path();
    String folders =
        path.isEmpty()
            ? data.data().parts().stream().map(DataPart::path).collect(Collectors.joining(", "))
            : path;
    return new EvaluationSource(
        origin,
        dataset.name(),
        folders,
        split.toString(),
        dataset.size(split),
        model.inputSize(),
        model.evaluation(),
        model.run().precision());
  }
}
