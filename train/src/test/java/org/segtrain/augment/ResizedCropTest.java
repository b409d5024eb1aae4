package org.segtrain.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Sample;

/** Steps that are done at once give what they give one after the other. */
class ResizedCropTest {

  private static final int SAMPLES = 200;

  @Test
  void allStepsAtOnceGiveTheSame() {
    RandomCrop crop = new RandomCrop(new ImageSize(40, 32), 0.75, 10);
    RandomFlip flip = new RandomFlip(0.5);
    List<Resizing> all =
        List.of(
            new RandomResize(new Edges(160, 40), 0.5, 2),
            new RandomResize(new Edges(160, 40), 2, 2),
            new RandomScale(0.5, 2, 0.1, Interpolation.CUBIC),
            new ShortEdge(33, true, Interpolation.LINEAR),
            new ShortEdge(1, false, Interpolation.LINEAR));
    for (Resizing resizing : all) {
      for (int seed = 0; seed < SAMPLES; seed++) {
        Sample sample = sample(new SplittableRandom(seed));
        Sample atOnce =
            new ResizedCrop(resizing, crop, Optional.of(flip))
                .apply(sample, new SplittableRandom(seed));
        SplittableRandom random = new SplittableRandom(seed);
        Sample resized = resizing.apply(sample, random);
        assertSame(flip.apply(crop.apply(resized, random), random), atOnce, resizing + " " + seed);
      }
    }
  }

  @Test
  void aPipelineMergesThem() {
    for (ImageRules rules : ImageRules.values()) {
      for (int seed = 0; seed < SAMPLES / 4; seed++) {
        TrainingPipeline pipeline = rules.training(32, 0.5, 2, true);
        Sample sample = sample(new SplittableRandom(seed));
        SplittableRandom random = new SplittableRandom(seed);
        Sample changed = sample;
        for (Augmentation step : pipeline.whole()) {
          changed = step.apply(changed, random);
        }
        for (Augmentation step : pipeline.cropped()) {
          changed = step.apply(changed, random);
        }
        TrainingPipeline padding =
            new TrainingPipeline(ImageSize.square(32), pipeline.place(), List.of(), List.of());
        assertSame(
            padding.apply(changed, random),
            pipeline.apply(sample, new SplittableRandom(seed)),
            rules + " " + seed);
      }
    }
  }

  private static void assertSame(Sample expected, Sample actual, String which) {
    assertEquals(expected.width(), actual.width(), which);
    assertEquals(expected.height(), actual.height(), which);
    assertArrayEquals(expected.labels(), actual.labels(), which);
    assertArrayEquals(expected.rgb(), actual.rgb(), which);
  }

  /** Of any size, with few classes that follow one another. */
  private static Sample sample(SplittableRandom random) {
    int width = random.nextInt(20, 90);
    int height = random.nextInt(20, 90);
    byte[] rgb = new byte[3 * width * height];
    random.nextBytes(rgb);
    byte[] labels = new byte[width * height];
    for (int i = 1; i < labels.length; i++) {
      labels[i] = random.nextInt(9) == 0 ? (byte) random.nextInt(-1, 3) : labels[i - 1];
    }
    return new Sample("random", width, height, rgb, labels);
  }
}
