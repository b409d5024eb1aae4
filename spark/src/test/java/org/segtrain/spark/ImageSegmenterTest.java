package org.segtrain.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.config.Overlay;
import org.segtrain.data.ImageFiles;
import org.segtrain.errors.UsageException;
import org.segtrain.export.AnyModel;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;

class ImageSegmenterTest {

  @TempDir private Path dir;

  @Test
  void rowsGetMasksFromBytesAndFromPaths() throws IOException {
    ImageSegmenter segmenter = ImageSegmenter.open(OnSpark.spark(), OnSpark.model().toString());
    Dataset<Row> files =
        OnSpark.spark()
            .read()
            .format("binaryFile")
            .option("recursiveFileLookup", true)
            .load(OnSpark.images().toString());
    Dataset<Row> fromBytes =
        segmenter.transform(files, "content").orderBy("path").select("segmentation.*");
    assertEquals(List.of("mask", "width", "height", "error"), List.of(fromBytes.columns()));
    List<Row> rows = fromBytes.collectAsList();
    assertEquals(OnSpark.NAMES.size(), rows.size());

    List<String> paths =
        Stream.concat(
                OnSpark.NAMES.stream().map(name -> OnSpark.images() + "/" + name + ".png"),
                Stream.of(OnSpark.images() + "/zz.png", null))
            .toList();
    List<Row> named =
        segmenter
            .transform(
                OnSpark.spark().createDataset(paths, Encoders.STRING()).toDF("image"), "image")
            .collectAsList();
    try (ModelInUse model =
        AnyModel.open(OnSpark.model(), Resources.start("cpu", 1, 1), Overlay.of("test"))) {
      for (int i = 0; i < OnSpark.NAMES.size(); i++) {
        byte[] mask = rows.get(i).getAs("mask");
        Row other = named.get(i).getAs(ImageSegmenter.COLUMN);
        assertArrayEquals(mask, other.<byte[]>getAs("mask"));
        byte[] alone = model.segment(ImageFiles.open(Path.of(paths.get(i))));
        int[] values = ImageFiles.readLabels(Files.write(dir.resolve("mask.png"), mask)).values();
        for (int k = 0; k < alone.length; k++) {
          assertEquals(alone[k], values[k]);
        }
        assertEquals(OnSpark.WIDTH, rows.get(i).<Integer>getAs("width"));
        assertNull(rows.get(i).getAs("error"));
      }
    }
    Row missing = named.get(OnSpark.NAMES.size()).getAs(ImageSegmenter.COLUMN);
    assertNull(missing.getAs("mask"));
    assertTrue(missing.<String>getAs("error").contains("zz.png: there is no such file"));
    assertTrue(named.get(OnSpark.NAMES.size() + 1).isNullAt(1), "no image, no mask");
  }

  @Test
  void aColumnThatCannotBeReadIsRefused() {
    ImageSegmenter segmenter =
        ImageSegmenter.open(OnSpark.spark(), OnSpark.model().toString())
            .with("evaluation.window", "32")
            .withModels(1);
    Dataset<Row> frame = OnSpark.spark().range(1).toDF("image");
    refused("there is no column \"photo\"; name one of [image]", segmenter, frame, "photo");
    refused("is of the type bigint; give bytes (binary)", segmenter, frame, "image");
    Dataset<Row> again = frame.withColumn(ImageSegmenter.COLUMN, functions.lit("x"));
    refused("there is a column \"segmentation\" already", segmenter, again, "image");
    assertThrows(UsageException.class, () -> segmenter.with("evaluation.windows", 32));
  }

  private static void refused(
      String sentence, ImageSegmenter segmenter, Dataset<Row> frame, String column) {
    UsageException wrong =
        assertThrows(UsageException.class, () -> segmenter.transform(frame, column));
    assertTrue(wrong.getMessage().contains(sentence), wrong.getMessage());
  }
}
