package org.segtrain.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batches;
import org.segtrain.inference.internal.Inputs;
import org.segtrain.train.TinyData;

final class SegmentationDatasetTest {

  private static final Dataset SHAPES = new ShapesDataset(48, 6, 2);
  private static final Preparation AUGMENTATION = ImageRules.ALIGNED.training(32, 0.5, 2, true);

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void givesTheBatchesOfThisProjectsTraining() throws IOException, TranslateException {
    SegmentationDataset dataset = augmented(5);
    Inputs inputs = new Inputs(Precision.FP32, ImageRules.ALIGNED);
    try (Batches batches = new Batches(SHAPES, AUGMENTATION, 2, 5, 0, 1)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        for (Batch batch : dataset.getData(manager)) {
          org.segtrain.data.internal.Batch own = batches.next();
          NDArray images = batch.getData().singletonOrThrow();
          NDArray labels = batch.getLabels().singletonOrThrow();
          assertEquals(new Shape(2, 3, 32, 32), images.getShape());
          assertEquals(DataType.FLOAT32, images.getDataType());
          assertEquals(DataType.INT64, labels.getDataType());
          assertArrayEquals(
              inputs.images(batch.getManager(), own).toFloatArray(), images.toFloatArray());
          assertArrayEquals(
              inputs.labels(batch.getManager(), own).toLongArray(), labels.toLongArray());
          batch.close();
        }
      }
    }
  }

  @Test
  void dependsOnTheSeedAndNotOnTheThreads() throws IOException, TranslateException {
    List<float[]> one = epochs(augmented(5), null);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<float[]> several = epochs(augmented(5), pool);
      assertEquals(6, one.size());
      for (int i = 0; i < one.size(); i++) {
        assertArrayEquals(one.get(i), several.get(i), "batch " + i);
      }
      assertFalse(Arrays.equals(one.get(0), epochs(augmented(6), pool).get(0)), "another seed");
      assertFalse(Arrays.equals(one.get(0), one.get(3)), "another epoch");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void labelsKeepTheirOwnSizeInEvaluation() throws IOException, TranslateException {
    Sample sample = TinyData.picture("odd", 90, 50, 1);
    SegmentationDataset dataset = fitted(sample, ImageRules.ALIGNED, 40);
    Batch batch = dataset.getData(manager).iterator().next();
    assertEquals(new Shape(1, 3, 64, 96), batch.getData().head().getShape());
    assertArrayEquals(longs(sample.labels()), batch.getLabels().head().toLongArray());
    assertEquals(new Shape(1, 50, 90), batch.getLabels().head().getShape());
  }

  @Test
  void labelsArePaddedAsThePhotographIs() throws IOException, TranslateException {
    Sample sample = TinyData.picture("odd", 45, 37, 1);
    Batch batch = fitted(sample, ImageRules.HRFORMER, 32).getData(manager).iterator().next();
    assertEquals(new Shape(1, 3, 40, 48), batch.getData().head().getShape());
    NDArray labels = batch.getLabels().head();
    assertEquals(new Shape(1, 40, 48), labels.getShape());
    assertArrayEquals(longs(sample.labels()), labels.get(":, :37, :45").toLongArray());
    assertEquals(255L * 48 * 3, labels.get(":, 37:, :").sum().getLong());
    assertEquals(255L * 37 * 3, labels.get(":, :37, 45:").sum().getLong());
  }

  @Test
  void labelsAreEnlargedWithASmallPhotographThatIsPadded() throws IOException, TranslateException {
    Sample sample = TinyData.picture("small", 18, 16, 1);
    Batch batch = fitted(sample, ImageRules.HRFORMER, 32).getData(manager).iterator().next();
    NDArray labels = batch.getLabels().head(); // 36 x 32, padded to 40 x 32
    assertEquals(new Shape(1, 32, 40), labels.getShape());
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 36; x++) {
        assertEquals(sample.labels()[y / 2 * 18 + x / 2], labels.getLong(0, y, x));
      }
    }
    assertEquals(255L * 32 * 4, labels.get(":, :, 36:").sum().getLong());
  }

  @Test
  void smallerImagesOfABatchAreFilledUp() throws IOException, TranslateException {
    Sample large = TinyData.picture("large", 40, 36, 1);
    Sample small = TinyData.picture("small", 33, 48, 2);
    SegmentationDataset dataset =
        SegmentationDataset.builder()
            .setData(new Fixed(List.of(large, small)), Split.TRAINING)
            .optPadding()
            .setSampling(2, false)
            .build();
    Batch batch = dataset.getData(manager).iterator().next();
    NDArray images = batch.getData().head();
    NDArray labels = batch.getLabels().head();
    assertEquals(new Shape(2, 3, 48, 40), images.getShape());
    assertEquals(new Shape(2, 48, 40), labels.getShape());
    assertArrayEquals(longs(small.labels()), labels.get("1, :, :33").toLongArray());
    assertEquals(255L * 48 * 7, labels.get("1, :, 33:").sum().getLong());
    assertEquals(255L * 12 * 40, labels.get("0, 36:").sum().getLong());
    assertEquals(0, images.get("1, :, :, 33:").abs().max().getFloat());
    assertTrue(images.get("1, :, :, :33").abs().min().getFloat() > 0);
  }

  @Test
  void transformsOfDjlApply() throws IOException, TranslateException {
    SegmentationDataset.Builder builder =
        SegmentationDataset.builder().setData(SHAPES, Split.TRAINING).setSampling(1, false);
    float plain =
        builder.build().getData(manager).iterator().next().getData().head().getFloat(0, 0, 0, 0);
    RandomAccessDataset changed =
        builder
            .addTransform(image -> image.mul(2))
            .addTargetTransform(labels -> labels.add(1))
            .build();
    Batch batch = changed.getData(manager).iterator().next();
    assertEquals(2 * plain, batch.getData().head().getFloat(0, 0, 0, 0), 1e-6);
    assertEquals(
        SHAPES.read(Split.TRAINING, 0).labels()[0] + 1, batch.getLabels().head().getLong(0, 0, 0));
  }

  @Test
  void opensWhatTheCommandOpens() throws IOException, TranslateException {
    SegmentationDataset dataset =
        SegmentationDataset.builder()
            .setData(DatasetVariant.of("shapes").open(""), Split.VALIDATION)
            .setSampling(2, false)
            .build();
    assertEquals(200, dataset.size());
    assertEquals(12, dataset.classes().size());
    Batch batch = dataset.getData(manager).iterator().next();
    assertEquals(new Shape(2, 3, 128, 128), batch.getData().head().getShape());
  }

  private static SegmentationDataset augmented(long seed) {
    return SegmentationDataset.builder()
        .setData(SHAPES, Split.TRAINING)
        .optPreparation(AUGMENTATION)
        .setSampling(2, true)
        .optSeed(seed)
        .build();
  }

  private static SegmentationDataset fitted(Sample sample, ImageRules rules, int size) {
    return SegmentationDataset.builder()
        .setData(new Fixed(List.of(sample)), Split.VALIDATION)
        .optFitting(rules.evaluation(size))
        .optColours(rules)
        .setSampling(1, false)
        .build();
  }

  /** The images of two epochs. */
  private List<float[]> epochs(SegmentationDataset dataset, ExecutorService pool)
      throws IOException, TranslateException {
    List<float[]> images = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      for (Batch batch : dataset.getData(manager, pool)) {
        images.add(batch.getData().head().toFloatArray());
        batch.close();
      }
    }
    return images;
  }

  private static long[] longs(byte[] labels) {
    long[] values = new long[labels.length];
    Arrays.setAll(values, i -> Byte.toUnsignedInt(labels[i]));
    return values;
  }

  /** The same samples in both splits. */
  private record Fixed(List<Sample> samples) implements Dataset {

    @Override
    public String name() {
      return "fixed";
    }

    @Override
    public List<String> classes() {
      return List.of("sky", "tree", "road");
    }

    @Override
    public int size(Split split) {
      return samples.size();
    }

    @Override
    public String file(Split split, int index) {
      return samples.get(index).name();
    }

    @Override
    public Sample read(Split split, int index) {
      return samples.get(index);
    }
  }
}
