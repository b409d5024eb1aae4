package org.segtrain.data;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.segtrain.data.internal.Portioned;
import org.segtrain.errors.DataException;

/**
 * A data set that goes on without the samples that cannot be read. Training reads the next sample
 * instead; an evaluation reads one pixel without a label, which counts for nothing.
 */
public final class SkippingDataset implements Dataset, Portioned {

  private final Dataset dataset;
  private final Map<String, String> skipped = new ConcurrentSkipListMap<>();
  private final boolean replaces;

  private SkippingDataset(Dataset dataset, boolean replaces) {
    this.dataset = dataset;
    this.replaces = replaces;
  }

  /** For a run: training samples are replaced, validation samples count for nothing. */
  public static SkippingDataset forTraining(Dataset dataset) {
    return new SkippingDataset(dataset, true);
  }

  /** For an evaluation: samples that cannot be read count for nothing, in each split. */
  public static SkippingDataset forMeasuring(Dataset dataset) {
    return new SkippingDataset(dataset, false);
  }

  /** Notes that a sample could be read, but not be used. */
  public void skip(Split split, int index, DataException why) {
    skipped.put(dataset.file(split, index), why.getMessage());
  }

  /** Whether it was found that a sample cannot be read or used. */
  public boolean isSkipped(Split split, int index) {
    return skipped.containsKey(dataset.file(split, index));
  }

  /** The faults so far, in the order of the samples' names: sentences. */
  public List<String> sentences() {
    return skipped.values().stream().distinct().toList();
  }

  /** Notes faults that other processes found: sentences. */
  public void addAll(List<String> sentences) {
    sentences.stream()
        .filter(sentence -> !skipped.containsValue(sentence))
        .forEach(sentence -> skipped.put(sentence, sentence));
  }

  @Override
  public String name() {
    return dataset.name();
  }

  @Override
  public List<String> classes() {
    return dataset.classes();
  }

  @Override
  public int size(Split split) {
    return dataset.size(split);
  }

  @Override
  public String file(Split split, int index) {
    return dataset.file(split, index);
  }

  @Override
  public List<Portion> portions() {
    return Portioned.of(dataset);
  }

  /**
   * Reads the sample, or another in its place.
   *
   * @throws DataException if none of the split can be read
   */
  @Override
  public Sample read(Split split, int index) {
    int size = dataset.size(split);
    for (int i = 0; i < size; i++) {
      int next = (index + i) % size;
      try {
        return dataset.read(split, next);
      } catch (DataException wrong) {
        skipped.put(dataset.file(split, next), wrong.getMessage());
        if (!replaces || split != Split.TRAINING) {
          return unlabelled(split, next);
        }
      }
    }
    throw noneReadable(split, index);
  }

  /** Opens the sample; in the place of one that cannot be read a pixel without a label. */
  @Override
  public LabelledPhotograph open(Split split, int index) {
    try {
      return dataset.open(split, index);
    } catch (DataException wrong) {
      skip(split, index, wrong);
      return unlabelled(split, index);
    }
  }

  /**
   * Looks for a sample that can be read.
   *
   * @throws DataException if there is none in the split
   */
  public void requireReadable(Split split) {
    int size = dataset.size(split);
    for (int i = 0; i < size; i++) {
      try {
        if (dataset.open(split, i).labels().length > 0) {
          return;
        }
      } catch (DataException wrong) {
        skip(split, i, wrong);
      }
    }
    throw noneReadable(split, 0);
  }

  private DataException noneReadable(Split split, int first) {
    return new DataException(
        "none of the %d %s images can be read; the first: %s"
            .formatted(dataset.size(split), split, skipped.get(dataset.file(split, first))));
  }

  private Sample unlabelled(Split split, int index) {
    return new Sample(
        dataset.file(split, index), 1, 1, new byte[3], new byte[] {(byte) Sample.VOID});
  }
}
