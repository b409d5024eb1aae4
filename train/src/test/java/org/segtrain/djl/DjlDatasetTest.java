package org.segtrain.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.segtrain.data.Refusals.assertRefused;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batch;
import org.segtrain.data.internal.Batches;
import org.segtrain.train.TinyData;

final class DjlDatasetTest {

  private static final List<String> CLASSES = List.of("sky", "tree", "road");
  private static final Sample PICTURE = TinyData.picture("a", 5, 4, 1);

  /** What a record consists of, made of a picture. */
  private enum Form {
    BYTES_LAST(image -> image),
    FLOATS_LAST(image -> image.toType(DataType.FLOAT32, true)),
    BYTES_FIRST(image -> image.transpose(2, 0, 1)),
    TO_TENSOR(image -> image.transpose(2, 0, 1).toType(DataType.FLOAT32, true).div(255));

    private final Function<NDArray, NDArray> image;

    Form(Function<NDArray, NDArray> image) {
      this.image = image;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BYTES_LAST, 4 5, UINT8",
    "FLOATS_LAST, 1 4 5, INT64",
    "BYTES_FIRST, 4 5 1, INT32",
    "TO_TENSOR, 4 5, FLOAT32"
  })
  void readsEveryFormToTheSamePixels(Form form, String mask, DataType type) {
    Shape shape = new Shape(Arrays.stream(mask.split(" ")).mapToLong(Long::parseLong).toArray());
    DjlDataset dataset =
        dataset(
            m ->
                new Record(
                    new NDList(form.image.apply(image(m))),
                    new NDList(mask(m).reshape(shape).toType(type, true))));
    Sample sample = dataset.read(Split.VALIDATION, 1);
    assertEquals("mine/validation/00001", sample.name());
    assertEquals(5, sample.width());
    assertArrayEquals(PICTURE.rgb(), sample.rgb());
    assertArrayEquals(PICTURE.labels(), sample.labels());
  }

  @Test
  void voidStaysVoid() {
    DjlDataset dataset = withMask(m -> m.create(new int[] {255, 0, 2, 1}, new Shape(2, 2)));
    assertArrayEquals(new byte[] {-1, 0, 2, 1}, dataset.read(Split.TRAINING, 0).labels());
  }

  @Test
  void severalThreadsReadTheBatchesOfOne() {
    try (Batches one = batches(1);
        Batches three = batches(3)) {
      for (int i = 0; i < 4; i++) {
        Batch expected = one.next();
        Batch batch = three.next();
        assertArrayEquals(expected.images(), batch.images());
        assertArrayEquals(expected.labels(), batch.labels());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"'a,a', two of one name", "'a, ', without a name"})
  void everyClassHasANameOfItsOwn(String classes, String message) {
    assertRefused(
        () ->
            DjlDataset.of(
                "mine", List.of(classes.split(",", -1)), new Pictures(2), new Pictures(2)),
        message);
  }

  private static Batches batches(int workers) {
    DjlDataset dataset = DjlDataset.of("mine", CLASSES, new Pictures(7), new Pictures(2));
    return new Batches(dataset, ImageRules.ALIGNED.training(32, 1, 1, true), 2, 1, 0, workers);
  }

  @Test
  void aLabelBeyondTheClassesIsRefusedWithItsPlace() {
    DjlDataset dataset = withMask(m -> m.create(new int[] {0, 0, 0, 3}, new Shape(2, 2)));
    assertRefused(
        () -> dataset.read(Split.TRAINING, 0), "label 3", "column 1, row 1", "0-2 and 255");
    DjlDataset negative = withMask(m -> m.create(new int[] {0, 0, -1, 0}, new Shape(2, 2)));
    assertRefused(() -> negative.read(Split.TRAINING, 0), "label -1", "column 0, row 1");
  }

  @Test
  void aLabelBetweenTwoClassesIsRefused() {
    DjlDataset dataset = withMask(m -> m.create(new float[] {0, 0.5f, 1, 0}, new Shape(2, 2)));
    assertRefused(() -> dataset.read(Split.TRAINING, 0), "label 0.5", "whole numbers");
  }

  @Test
  void aMaskOfAnotherSizeIsRefusedWithBothSizes() {
    DjlDataset dataset = withMask(m -> m.zeros(new Shape(2, 3)));
    assertRefused(() -> dataset.read(Split.TRAINING, 0), "is 2 x 2", "is 3 x 2");
  }

  @Test
  void otherShapesAreRefused() {
    DjlDataset grey = withImage(m -> m.zeros(new Shape(1, 4, 5)));
    assertRefused(() -> grey.read(Split.TRAINING, 0), "(1, 4, 5)", "(H, W, 3)");
    DjlDataset many = withMask(m -> m.zeros(new Shape(3, 2, 2)));
    assertRefused(() -> many.read(Split.TRAINING, 0), "(3, 2, 2)", "(H, W)");
  }

  @Test
  void valuesOfAnotherRangeAreRefused() {
    DjlDataset normalised = withImage(m -> m.ones(new Shape(3, 2, 2)).mul(-1.5f));
    assertRefused(() -> normalised.read(Split.TRAINING, 0), "-1.5", "0-1");
    DjlDataset bright = withImage(m -> m.ones(new Shape(2, 2, 3)).mul(300));
    assertRefused(() -> bright.read(Split.TRAINING, 0), "300.0", "0-255");
    DjlDataset dark = withImage(m -> m.ones(new Shape(2, 2, 3)).mul(0.5f));
    assertRefused(() -> dark.read(Split.TRAINING, 0), "0.5", "multiply by 255");
  }

  @Test
  void aRecordWithoutAMaskIsRefused() {
    DjlDataset dataset = dataset(m -> new Record(new NDList(image(m)), new NDList()));
    assertRefused(() -> dataset.read(Split.TRAINING, 0), "0 arrays", "mask");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    DjlDataset dataset =
        dataset(
            m -> {
              throw new FileNotFoundException("cat.png is gone");
            });
    assertRefused(() -> dataset.read(Split.TRAINING, 0), "mine/training/00000", "cat.png is gone");
  }

  @Test
  void anEmptySplitIsRefused() {
    assertRefused(
        () -> DjlDataset.of("mine", CLASSES, new Pictures(2), new Pictures(0)),
        "the validation split of mine has 0 records");
  }

  private static NDArray image(NDManager manager) {
    return manager.create(ByteBuffer.wrap(PICTURE.rgb()), new Shape(4, 5, 3), DataType.UINT8);
  }

  private static NDArray mask(NDManager manager) {
    return manager.create(ByteBuffer.wrap(PICTURE.labels()), new Shape(4, 5), DataType.UINT8);
  }

  private static DjlDataset withMask(Function<NDManager, NDArray> mask) {
    Shape square = new Shape(2, 2, 3);
    return dataset(m -> new Record(new NDList(m.zeros(square)), new NDList(mask.apply(m))));
  }

  private static DjlDataset withImage(Function<NDManager, NDArray> image) {
    Shape square = new Shape(2, 2);
    return dataset(m -> new Record(new NDList(image.apply(m)), new NDList(m.zeros(square))));
  }

  private static DjlDataset dataset(Reading reading) {
    return DjlDataset.of("mine", CLASSES, new Records(2, reading), new Records(2, reading));
  }

  @FunctionalInterface
  private interface Reading {
    Record read(NDManager manager) throws IOException;
  }

  /** A data set of DJL of the same record again and again. */
  private static final class Records extends RandomAccessDataset {

    private final int size;
    private final Reading reading;

    Records(int size, Reading reading) {
      super(new Options().setSampling(1, false));
      this.size = size;
      this.reading = reading;
    }

    @Override
    public Record get(NDManager manager, long index) throws IOException {
      return reading.read(manager);
    }

    @Override
    protected long availableSize() {
      return size;
    }

    @Override
    public void prepare(Progress progress) {}
  }

  /** A data set of DJL of pictures. */
  private static final class Pictures extends RandomAccessDataset {

    private final int size;

    Pictures(int size) {
      super(new Options().setSampling(1, false));
      this.size = size;
    }

    @Override
    public Record get(NDManager manager, long index) {
      Sample sample = TinyData.picture("a", 40, 40, index);
      return new Record(
          new NDList(
              manager.create(ByteBuffer.wrap(sample.rgb()), new Shape(40, 40, 3), DataType.UINT8)),
          new NDList(
              manager.create(ByteBuffer.wrap(sample.labels()), new Shape(40, 40), DataType.UINT8)));
    }

    @Override
    protected long availableSize() {
      return size;
    }

    @Override
    public void prepare(Progress progress) {}
  }

  private static final class Options extends RandomAccessDataset.BaseBuilder<Options> {
    @Override
    protected Options self() {
      return this;
    }
  }
}
