package com.example;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.segtrain.spark.ImageSegmenter;

/** Adds masks to a data frame of images. */
public final class SegmentsDataFrame {

  private SegmentsDataFrame() {}

  public static Dataset<Row> masks(SparkSession spark, String folder, String served) {
    Dataset<Row> photos = spark.read().format("binaryFile").load(folder);
    ImageSegmenter segmenter = ImageSegmenter.open(spark, served);
    return segmenter.transform(photos, "content").select("path", "segmentation.*");
  }
}
