package org.segtrain.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.segtrain.config.Overlay;
import org.segtrain.errors.UsageException;

/**
 * A model as a function of data frames. Each executor opens it once for each task that it runs at
 * once, or once on each GPU, and keeps it until it ends.
 */
public final class ImageSegmenter implements Serializable {

  private static final long serialVersionUID = 1;

  /** The column that {@link #transform} adds. */
  public static final String COLUMN = "segmentation";

  /** What is in it. */
  private static final StructType RESULT =
      new StructType()
          .add("mask", DataTypes.BinaryType)
          .add("width", DataTypes.IntegerType)
          .add("height", DataTypes.IntegerType)
          .add("error", DataTypes.StringType);

  private final ModelUse use;
  private final Broadcast<SerializableConfiguration> conf;

  private ImageSegmenter(ModelUse use, Broadcast<SerializableConfiguration> conf) {
    this.use = use;
    this.conf = conf;
  }

  /**
   * A segmenter of a model that executors open when they first need it.
   *
   * @param model a run, a checkpoint or an exported file or folder, on any file system that Spark
   *     reads
   * @throws org.segtrain.errors.DataException if there is none
   */
  public static ImageSegmenter open(SparkSession spark, String model) {
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    ModelPlace place = ModelPlace.share(context.sc(), Objects.requireNonNull(model, "model"));
    Overlay none = Overlay.of("program");
    return new ImageSegmenter(
        new ModelUse(place, none.texts(), "auto", 0),
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())));
  }

  /**
   * The same with another value of the model's configuration, such as {@code evaluation.window}.
   *
   * @throws UsageException if there is no such key, or the value is refused
   */
  public ImageSegmenter with(String key, Object value) {
    Overlay values = use.overlay().with(key, value);
    return new ImageSegmenter(
        new ModelUse(use.place(), values.texts(), use.device(), use.most()), conf);
  }

  /** The same with at most so many models in an executor, for each device. */
  public ImageSegmenter withModels(int most) {
    return new ImageSegmenter(new ModelUse(use.place(), use.values(), use.device(), most), conf);
  }

  /**
   * Adds the column {@link #COLUMN}: {@code mask}, a palette PNG whose values are class numbers;
   * {@code width} and {@code height}; and {@code error}, a sentence about an image that cannot be
   * read, which has no mask.
   *
   * @param column of the images: bytes of files, or their paths
   * @throws UsageException if there is no such column, it has another type, or the frame has a
   *     column of that name already
   */
  public Dataset<Row> transform(Dataset<Row> frame, String column) {
    List<String> columns = Arrays.asList(frame.columns());
    int place = place(columns, column);
    if (place < 0) {
      throw new UsageException(
          "there is no column \"%s\"; name one of %s".formatted(column, columns));
    }
    if (place(columns, COLUMN) >= 0) {
      throw new UsageException(
          "there is a column \"%s\" already; drop or rename it".formatted(COLUMN));
    }
    DataType type = frame.schema().fields()[place].dataType();
    if (!type.equals(DataTypes.BinaryType) && !type.equals(DataTypes.StringType)) {
      throw new UsageException(
          "the column \"%s\" is of the type %s; give bytes (binary) or paths (string)"
              .formatted(column, type.simpleString()));
    }
    return frame.mapPartitions(
        new SegmentRows(use, place, conf), Encoders.row(frame.schema().add(COLUMN, RESULT)));
  }

  /** The place of a column, whose name has no case in Spark; negative if there is none. */
  private static int place(List<String> columns, String name) {
    int exact = columns.indexOf(name);
    return exact >= 0
        ? exact
        : columns.stream()
            .map(other -> other.toLowerCase(Locale.ROOT))
            .toList()
            .indexOf(name.toLowerCase(Locale.ROOT));
  }
}
