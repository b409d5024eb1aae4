package org.segtrain.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.segtrain.config.internal.Json;
import org.segtrain.data.ClassTable;
import org.segtrain.data.DataFiles;
import org.segtrain.data.LabelledFiles;
import org.segtrain.data.LabelledPhotograph;
import org.segtrain.data.Photograph;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Shard;
import org.segtrain.metrics.Evaluation;

/** Measures a model on the images of a partition: items in, one {@link Part} out. */
final class EvalTask implements FlatMapFunction<Iterator<String>, String> {

  private static final long serialVersionUID = 1;

  private final ModelUse use;
  private final List<String> classes;
  private final String rule;
  private final int images;
  private final Broadcast<SerializableConfiguration> conf;

  /**
   * A task.
   *
   * @param facts of the model
   * @param images of the whole job
   * @param conf where files are
   */
  EvalTask(ModelUse use, ModelFacts facts, int images, Broadcast<SerializableConfiguration> conf) {
    this.use = use;
    this.classes = new ArrayList<>(facts.classes());
    this.rule = Json.line(facts.files());
    this.images = images;
    this.conf = conf;
  }

  /**
   * What a task found.
   *
   * @param counts empty if no image could be measured
   */
  record Part(List<ReportRow> rows, Optional<Evaluation> counts) {

    /** One line of JSON, as serialisers of Spark carry it. */
    private record Text(List<ReportRow> rows, List<Evaluation> counts) {}

    String json() {
      return Json.line(new Text(rows, counts.stream().toList()));
    }

    static Part of(String json) {
      try {
        Text text = Json.read(Json.parse(json), Text.class);
        return new Part(text.rows(), text.counts().stream().findFirst());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("written by this class", e);
      }
    }
  }

  /** An image with its mask. */
  private record Opened(Fetched image, Fetched mask, LabelledPhotograph content)
      implements AutoCloseable {

    String named(String sentence) {
      return mask.named(image.named(sentence));
    }

    @Override
    public void close() {
      image.close();
      mask.close();
    }
  }

  @Override
  public Iterator<String> call(Iterator<String> items) {
    Configuration files = conf.value().value();
    LabelledFiles reader = reader();
    List<Evaluation> counts = new ArrayList<>();
    List<ReportRow> rows =
        Task.run(items, item -> open(item, files, reader), opened -> measure(opened, counts));
    return List.of(new Part(rows, counts.stream().reduce(Evaluation::plus)).json()).iterator();
  }

  private LabelledFiles reader() {
    try {
      DataFiles files = Json.read(Json.parse(rule), DataFiles.class);
      return LabelledFiles.of(ClassTable.of(classes), files);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("written by this class", e);
    }
  }

  private static Opened open(Item item, Configuration conf, LabelledFiles reader) {
    Fetched image = Fetched.of(item.image(), conf);
    try {
      Fetched mask = Fetched.of(item.mask(), conf);
      try {
        return new Opened(image, mask, reader.open(image.file(), mask.file()));
      } catch (DataException e) {
        mask.close();
        throw new DataException(mask.named(image.named(e.getMessage())), e);
      }
    } catch (DataException e) {
      image.close();
      throw e;
    }
  }

  private ReportRow measure(Task.Opened<Opened> opened, List<Evaluation> counts) {
    Item item = opened.item();
    try (Opened files = opened.content();
        ExecutorModels.Loan loan = Task.borrow(use)) {
      long begin = System.nanoTime();
      counts.add(counted(loan.model(), item, files));
      Photograph photograph = files.content().photograph();
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new ReportRow(
          item.index(),
          item.image(),
          item.mask(),
          ReportRow.State.DONE,
          photograph.width(),
          photograph.height(),
          seconds,
          "");
    }
  }

  private Evaluation counted(ModelInUse model, Item item, Opened files) {
    ListedImages whole =
        new ListedImages(
            model.config().data().dataset(),
            classes,
            images,
            unused -> item.image(),
            unused -> files.content());
    try {
      Shard one = new Shard(item.index() + 1, images);
      return model.evaluate(whole, Split.VALIDATION, one, EvaluationProgress.NONE);
    } catch (DataException e) {
      throw new DataException(files.named(e.getMessage()), e);
    } catch (RuntimeException | OutOfMemoryError e) {
      throw Task.tooLarge(item.image(), files.content().photograph(), e);
    }
  }
}
