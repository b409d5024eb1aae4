package org.segtrain.data.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.MoreAugmentation;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.Refusals;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.TestImages;

final class BatchesTest {

  private static final int SAMPLES = 7;

  @TempDir Path dir;
  private Dataset dataset;

  @BeforeEach
  void writeDataset() throws IOException {
    dataset = FolderDataset.open(TestImages.dataset(dir, SAMPLES, 24, 16));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void anyNumberOfWorkersGivesTheSameBatches(int workers) {
    assertSame(take(3, 11, 0, 1, 9), take(3, 11, 0, workers, 9));
  }

  @Test
  void anyNumberOfWorkersGivesTheSameWithMoreAugmentation() {
    Preparation all =
        ImageRules.ALIGNED
            .training(16, 0.5, 2, false)
            .with(new MoreAugmentation(30, 16, 0.2, 0.3, 5, 0.5, 2, 0.5, 0.4))
            .then(
                (sample, random) -> {
                  byte[] rgb = sample.rgb().clone();
                  rgb[random.nextInt(rgb.length)] = (byte) random.nextInt();
                  return new Sample(
                      sample.name(), sample.width(), sample.height(), rgb, sample.labels());
                },
                2);
    List<List<Batch>> taken = new ArrayList<>();
    for (int workers : new int[] {1, 5}) {
      try (Batches source = new Batches(dataset, all, 3, 11, 0, workers)) {
        taken.add(Stream.generate(source::next).limit(9).toList());
      }
    }
    assertSame(taken.get(0), taken.get(1));
  }

  @Test
  void aResumedRunGoesOnWhereItStopped() {
    List<Batch> all = take(3, 11, 0, 2, 9);
    assertSame(all.subList(4, 9), take(3, 11, 4, 2, 5));
  }

  @Test
  void anotherSeedGivesOtherBatches() {
    List<String> one = take(7, 1, 0, 1, 1).get(0).files();
    List<String> two = take(7, 2, 0, 1, 1).get(0).files();
    assertNotEquals(one, two);
  }

  @Test
  void everyEpochVisitsEverySampleOnceInItsOwnOrder() {
    List<Batch> epochs = take(SAMPLES, 3, 0, 2, 3);
    for (Batch epoch : epochs) {
      assertEquals(SAMPLES, new HashSet<>(epoch.files()).size());
    }
    assertEquals(3, new HashSet<>(epochs.stream().map(Batch::files).toList()).size());
  }

  @Test
  void aSampleIsAugmentedDifferentlyInEveryEpoch() {
    List<Batch> batches = new ArrayList<>();
    try (Batches source = batches(SAMPLES, 3, 0, 1)) {
      batches.add(source.next());
      batches.add(source.next());
    }
    String file = batches.get(0).files().get(0);
    int later = batches.get(1).files().indexOf(file);
    assertFalse(image(batches.get(0), 0).equals(image(batches.get(1), later)));
  }

  @Test
  void aDatasetSmallerThanABatchWrapsAround() {
    Batch batch = take(2 * SAMPLES, 3, 0, 2, 1).get(0);
    assertEquals(2 * SAMPLES, batch.files().size());
    assertEquals(SAMPLES, new HashSet<>(batch.files()).size());
    assertEquals(2 * SAMPLES * 16 * 16, batch.labels().length);
  }

  @Test
  void aBrokenFileIsReportedByTheBatchItIsIn() throws IOException {
    Path broken = dir.resolve("images/training/004.png");
    Files.writeString(broken, "no image");
    try (Batches source = batches(SAMPLES, 3, 0, 2)) {
      Refusals.assertRefused(source::next, broken + " is no image of a format that is read");
    }
  }

  @Test
  void whatADataSetThrowsIsReportedWithTheSample() {
    Dataset throwing =
        new Dataset() {
          @Override
          public String name() {
            return "mine";
          }

          @Override
          public List<String> classes() {
            return List.of("a", "b");
          }

          @Override
          public int size(Split split) {
            return 1;
          }

          @Override
          public String file(Split split, int index) {
            return "record 0";
          }

          @Override
          public Sample read(Split split, int index) {
            throw new IllegalArgumentException("no such shelf");
          }
        };
    try (Batches source = new Batches(throwing, (sample, random) -> sample, 1, 0, 0, 1)) {
      Exception wrong = assertThrows(IllegalStateException.class, source::next);
      assertEquals("record 0 could not be read", wrong.getMessage());
      assertEquals("no such shelf", wrong.getCause().getMessage());
    }
  }

  @Test
  void closingEndsTheThreads() {
    long before = dataThreads();
    Batches source = batches(2, 3, 0, 3);
    source.next();
    assertEquals(before + 3, dataThreads());
    source.close();
    assertEquals(before, dataThreads());
    assertThrows(IllegalStateException.class, source::next);
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> batches(0, 3, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> batches(2, 3, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> batches(2, 3, -1, 1));
  }

  private Batches batches(int size, long seed, long firstStep, int workers) {
    return new Batches(
        dataset, ImageRules.ALIGNED.training(16, 0.5, 2, true), size, seed, firstStep, workers);
  }

  private List<Batch> take(int size, long seed, long firstStep, int workers, int count) {
    List<Batch> taken = new ArrayList<>();
    try (Batches source = batches(size, seed, firstStep, workers)) {
      while (taken.size() < count) {
        taken.add(source.next());
      }
    }
    return taken;
  }

  private static void assertSame(List<Batch> expected, List<Batch> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).files(), actual.get(i).files());
      assertArrayEquals(expected.get(i).images(), actual.get(i).images());
      assertArrayEquals(expected.get(i).labels(), actual.get(i).labels());
    }
  }

  private static List<Byte> image(Batch batch, int index) {
    int size = 3 * batch.height() * batch.width();
    List<Byte> bytes = new ArrayList<>();
    for (int i = index * size; i < (index + 1) * size; i++) {
      bytes.add(batch.images()[i]);
    }
    return bytes;
  }

  private static long dataThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("data-"))
        .count();
  }
}
