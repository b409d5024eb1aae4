package org.segtrain.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.segtrain.config.internal.Json;
import org.segtrain.data.Photograph;
import org.segtrain.errors.DataException;
import org.segtrain.inference.MaskWriter;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.PredictionForms.MaskFormat;

/** Predicts the images of a partition: items in, rows of the report out. */
final class PredictTask implements FlatMapFunction<Iterator<String>, String> {

  private static final long serialVersionUID = 1;

  private final ModelUse use;
  private final String out;
  private final Set<MaskFormat> formats;
  private final Broadcast<SerializableConfiguration> conf;

  /**
   * A task.
   *
   * @param out folder of the results
   * @param conf where files are
   */
  PredictTask(
      ModelUse use,
      String out,
      Set<MaskFormat> formats,
      Broadcast<SerializableConfiguration> conf) {
    this.use = use;
    this.out = out;
    this.formats = new TreeSet<>(formats);
    this.conf = conf;
  }

  @Override
  public Iterator<String> call(Iterator<String> items) {
    Configuration files = conf.value().value();
    return Task.run(items, item -> open(item, files), opened -> predict(opened, files)).stream()
        .map(Json::line)
        .iterator();
  }

  /** Null if its results are there, as after a task that was lost. */
  private OpenedImage open(Item item, Configuration files) {
    return missing(item, files).isEmpty() ? null : OpenedImage.of(item.image(), files);
  }

  private ReportRow predict(Task.Opened<OpenedImage> opened, Configuration files) {
    Item item = opened.item();
    String result = HadoopFiles.text(place(item, formats.iterator().next()));
    if (opened.content() == null) {
      return ReportRow.kept(item, result);
    }
    try (OpenedImage image = opened.content()) {
      long begin = System.nanoTime();
      Photograph photograph = image.photograph();
      try (ExecutorModels.Loan loan = Task.borrow(use)) {
        byte[] labels = segment(loan.model(), image);
        write(loan.model(), item, photograph.width(), labels, files);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new ReportRow(
          item.index(),
          item.image(),
          result,
          ReportRow.State.DONE,
          photograph.width(),
          photograph.height(),
          seconds,
          "");
    }
  }

  /**
   * The class of each pixel.
   *
   * @throws DataException if the image cannot be read, or is too large
   */
  static byte[] segment(ModelInUse model, OpenedImage image) {
    try {
      return model.segment(image.photograph());
    } catch (DataException e) {
      throw new DataException(image.file().named(e.getMessage()), e);
    } catch (RuntimeException | OutOfMemoryError e) {
      throw Task.tooLarge(image.file().name(), image.photograph(), e);
    }
  }

  private void write(ModelInUse model, Item item, int width, byte[] labels, Configuration files) {
    for (MaskFormat format : missing(item, files)) {
      MaskWriter writer = new MaskWriter(format, model.palette());
      Path place = place(item, format);
      try {
        HadoopFiles.publish(
            place,
            files,
            stream -> writer.write(stream, item.index() + 1, item.name(), width, labels));
      } catch (IllegalArgumentException e) { // Hadoop's, of a letter that its file system lacks
        throw new DataException(
            "cannot write %s, which is no name of a file there; rename %s"
                .formatted(HadoopFiles.text(place), item.image()),
            e);
      } catch (IOException e) {
        throw unwritten(place, e);
      }
    }
  }

  private List<MaskFormat> missing(Item item, Configuration files) {
    List<MaskFormat> missing = new ArrayList<>();
    for (MaskFormat format : formats) {
      Path place = place(item, format);
      try {
        if (!HadoopFiles.isFile(place, files)) {
          missing.add(format);
        }
      } catch (IOException e) {
        throw unwritten(place, e);
      }
    }
    return missing;
  }

  private static Stopped unwritten(Path place, IOException e) {
    return new Stopped(
        "cannot write %s: %s; make room or let it be written, and run again"
            .formatted(HadoopFiles.text(place), HadoopFiles.reason(e)),
        e);
  }

  private Path place(Item item, MaskFormat format) {
    return new Path(out, MaskWriter.place(format, item.name()));
  }
}
