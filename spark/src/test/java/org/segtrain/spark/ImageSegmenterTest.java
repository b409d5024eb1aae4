package org.segtrain.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.SegmentsDataFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    Dataset<Row> fromBytes =
        SegmentsDataFrame.masks(
            OnSpark.spark(), OnSpark.images().toString(), OnSpark.model().toString());
    assertEquals(List.of("path", "mask", "width", "height", "error"), List.of(fromBytes.columns()));
    List<Row> rows = fromBytes.orderBy("path").collectAsList();
    assertEquals(3, rows.size(), "those of the folder itself");

    ImageSegmenter segmenter = ImageSegmenter.open(OnSpark.spark(), OnSpark.model().toString());
    List<String> paths =
        Stream.concat(
                OnSpark.NAMES.stream().map(name -> OnSpark.images() + "/" + name + ".png"),
                Stream.of(OnSpark.images() + "/zz.png", null, "", "a:b.jpg", "s3a://b/a.jpg"))
            .toList();
    List<Row> named =
        segmenter
            .transform(
                OnSpark.spark().createDataset(paths, Encoders.STRING()).toDF("image"), "image")
            .collectAsList();
    try (ModelInUse model =
        AnyModel.open(OnSpark.model(), Resources.start("cpu", 1, 1), Overlay.of("test"))) {
      for (int i = 0; i < OnSpark.NAMES.size(); i++) {
        Row segmentation = named.get(i).getAs(ImageSegmenter.COLUMN);
        byte[] mask = segmentation.getAs("mask");
        if (i < rows.size()) {
          assertArrayEquals(mask, rows.get(i).<byte[]>getAs("mask"));
        }
        byte[] alone = model.segment(ImageFiles.open(Path.of(paths.get(i))));
        List<Integer> values = labels(mask);
        for (int k = 0; k < alone.length; k++) {
          assertEquals((int) alone[k], values.get(k));
        }
        assertEquals(OnSpark.WIDTH, segmentation.<Integer>getAs("width"));
        assertNull(segmentation.getAs("error"));
      }
    }
    Row missing = named.get(OnSpark.NAMES.size()).getAs(ImageSegmenter.COLUMN);
    assertNull(missing.getAs("mask"));
    assertTrue(missing.<String>getAs("error").contains("zz.png: there is no such file"));
    assertTrue(named.get(OnSpark.NAMES.size() + 1).isNullAt(1), "no image, no mask");
    for (Row wrong : named.subList(OnSpark.NAMES.size() + 2, named.size())) {
      Row segmentation = wrong.getAs(ImageSegmenter.COLUMN);
      assertTrue(segmentation.isNullAt(0) && !segmentation.isNullAt(3), "" + wrong);
    }
  }

  @Test
  void modelsOfOneNameStandBesideOneAnother() {
    String photograph = OnSpark.images() + "/a.png";
    Dataset<Row> frame =
        OnSpark.spark().createDataset(List.of(photograph), Encoders.STRING()).toDF("image");
    List<List<Integer>> masks = new ArrayList<>();
    for (Path model : List.of(OnSpark.model(), OnSpark.otherModel(), OnSpark.model())) {
      Row row =
          ImageSegmenter.open(OnSpark.spark(), model.toString()).transform(frame, "image").first();
      byte[] mask = row.<Row>getAs(ImageSegmenter.COLUMN).getAs("mask");
      List<Integer> expected = new ArrayList<>();
      try (ModelInUse alone =
          AnyModel.open(model, Resources.start("cpu", 1, 1), Overlay.of("test"))) {
        for (byte value : alone.segment(ImageFiles.open(Path.of(photograph)))) {
          expected.add((int) value);
        }
      }
      assertEquals(expected, labels(mask), model.toString());
      masks.add(expected);
    }
    assertNotEquals(masks.get(0), masks.get(1));
  }

  private List<Integer> labels(byte[] mask) {
    try {
      Path file = Files.write(dir.resolve("mask.png"), mask);
      return Arrays.stream(ImageFiles.readLabels(file).values()).boxed().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRowOfWrongBytesIsNamedAsSuch() {
    Dataset<Row> frame =
        OnSpark.spark().createDataset(List.of(new byte[1]), Encoders.BINARY()).toDF("image");
    Row row =
        ImageSegmenter.open(OnSpark.spark(), OnSpark.model().toString())
            .transform(frame, "image")
            .first();
    String error = row.<Row>getAs(ImageSegmenter.COLUMN).getAs("error");
    assertTrue(error.contains("the image of this row (1 byte)"), error);
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
    Dataset<Row> again = frame.withColumn("Segmentation", functions.lit("x"));
    refused("there is a column \"segmentation\" already", segmenter, again, "IMAGE");
    assertThrows(UsageException.class, () -> segmenter.with("evaluation.windows", 32));
  }

  private static void refused(
      String sentence, ImageSegmenter segmenter, Dataset<Row> frame, String column) {
    UsageException wrong =
        assertThrows(UsageException.class, () -> segmenter.transform(frame, column));
    assertTrue(wrong.getMessage().contains(sentence), wrong.getMessage());
  }
}
