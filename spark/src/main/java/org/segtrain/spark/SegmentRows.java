package org.segtrain.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.segtrain.data.Photograph;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.MaskWriter;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.PredictionForms.MaskFormat;

/** Predicts the images of rows, as they are asked for. */
final class SegmentRows implements MapPartitionsFunction<Row, Row> {

  private static final long serialVersionUID = 1;

  private final ModelUse use;
  private final int column;
  private final Broadcast<SerializableConfiguration> conf;

  /**
   * A function of rows.
   *
   * @param column of the image
   * @param conf where files are
   */
  SegmentRows(ModelUse use, int column, Broadcast<SerializableConfiguration> conf) {
    this.use = use;
    this.column = column;
    this.conf = conf;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return with(rows.next());
      }
    };
  }

  private Row with(Row row) {
    Object[] values = new Object[row.size() + 1];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = row.isNullAt(column) ? null : segmentation(row.get(column));
    return RowFactory.create(values);
  }

  private Row segmentation(Object image) {
    try (OpenedImage opened = opened(image);
        ExecutorModels.Loan loan = Task.borrow(use)) {
      Photograph photograph = opened.photograph();
      byte[] labels = PredictTask.segment(loan.model(), opened);
      byte[] mask = png(loan.model(), photograph.width(), labels);
      return RowFactory.create(mask, photograph.width(), photograph.height(), null);
    } catch (DataException | UsageException e) { // of an image, or of its path
      return RowFactory.create(null, null, null, Words.of(e));
    }
  }

  private OpenedImage opened(Object image) {
    return image instanceof byte[] content
        ? OpenedImage.of(
            Fetched.of(
                "the image of this row (%s)".formatted(Counted.of(content.length, "byte")),
                content))
        : OpenedImage.of((String) image, conf.value().value());
  }

  private static byte[] png(ModelInUse model, int width, byte[] labels) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new MaskWriter(MaskFormat.PNG, model.palette()).write(bytes, 1, "", width, labels);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
