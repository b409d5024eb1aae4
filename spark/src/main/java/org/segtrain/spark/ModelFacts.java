package org.segtrain.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.data.ClassTable;
import org.segtrain.data.DataFiles;
import org.segtrain.data.LabelledFiles;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Predictions;
import org.segtrain.inference.Shard;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.internal.Tally;

/**
 * What an executor says about a model, so that the driver needs no engine.
 *
 * @param classes their names
 * @param legend the text of {@code legend.json}
 * @param origin where the model comes from: lines
 * @param files rules for the values of masks
 * @param empty the evaluation of no image
 */
record ModelFacts(
    List<String> classes,
    String legend,
    List<String> origin,
    DataFiles files,
    EvaluationPart empty) {

  private static final String ALL = "all";

  /** JSON of either. */
  private record Answer(String wrong, boolean isUsage, List<ModelFacts> facts) {}

  /**
   * Lets an executor open the model.
   *
   * @param folder of the images, for people
   * @throws DataException if it cannot
   * @throws UsageException if the model refuses a value
   */
  static ModelFacts ask(JavaSparkContext spark, ModelUse use, String folder) {
    String json = spark.parallelize(List.of(folder), 1).map(path -> answer(use, path)).first();
    try {
      Answer answer = Json.read(Json.parse(json), Answer.class);
      if (!answer.facts().isEmpty()) {
        return answer.facts().get(0);
      }
      throw answer.isUsage()
          ? new UsageException(answer.wrong())
          : new DataException(answer.wrong());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("written by this class", e);
    }
  }

  private static String answer(ModelUse use, String folder) {
    try (ExecutorModels.Loan loan = Task.borrow(use)) {
      return Json.line(new Answer("", false, List.of(of(loan.model(), use, folder))));
    } catch (Stopped e) {
      boolean isUsage = e.getCause() instanceof UsageException;
      return Json.line(new Answer(e.getMessage(), isUsage, List.of()));
    }
  }

  private static ModelFacts of(ModelInUse model, ModelUse use, String folder) {
    TrainConfig config = asked(model.config(), folder);
    List<String> origin = model.origin().stream().map(use.place()::named).toList();
    ListedImages none = new ListedImages(config.data().dataset(), model.classes(), 0, unused -> "");
    EvaluationSource source = EvaluationSource.of(model, config, none, Split.VALIDATION);
    Map<String, String> identity = EvaluationPart.identity(model, config, none, Split.VALIDATION);
    Evaluation nothing = new Tally(model.classes()).evaluation();
    return new ModelFacts(
        model.classes(),
        Predictions.legend(model.classes(), model.palette()),
        origin,
        config.files(),
        new EvaluationPart(Shard.WHOLE, source, identity, List.of(), nothing));
  }

  /**
   * A reader of masks of these classes.
   *
   * @throws UsageException if the rules do not suit the classes
   */
  LabelledFiles reader() {
    return LabelledFiles.of(ClassTable.of(classes), files);
  }

  /** The configuration with those images; drawn ones have no files. */
  private static TrainConfig asked(TrainConfig config, String folder) {
    boolean isDrawn = config.data().dataset().equals(DatasetVariant.SHAPES.toString());
    TrainConfig files =
        isDrawn ? config.with("data.dataset", DatasetVariant.FOLDER.toString()) : config;
    return files.with("data.parts", List.of()).with("data.path", folder);
  }

  /**
   * The evaluation of none of these images.
   *
   * @param place of the images, for people
   */
  EvaluationPart empty(ListedImages images, String place) {
    EvaluationSource source = empty.source();
    EvaluationSource whole =
        new EvaluationSource(
            origin,
            source.dataset(),
            place,
            ALL,
            images.size(),
            source.size(),
            source.evaluation(),
            source.precision());
    Map<String, String> identity = new LinkedHashMap<>(empty.identity());
    identity.putAll(EvaluationPart.images(images, Split.VALIDATION));
    return new EvaluationPart(empty.shard(), whole, identity, List.of(), empty.evaluation());
  }
}
