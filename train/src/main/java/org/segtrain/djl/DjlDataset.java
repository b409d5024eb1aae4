package org.segtrain.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.segtrain.data.Dataset;
import org.segtrain.data.LabelMap;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * A data set of DJL, or of its user, as one that this project trains on. A record has one image and
 * one mask of its size:
 *
 * <ul>
 *   <li>the image is {@code H W 3}, 0-255, as DJL reads photographs, or {@code 3 H W}, float 0-1,
 *       as its {@code ToTensor} gives; red first
 *   <li>the mask is {@code H W}, {@code 1 H W} or {@code H W 1}, of any type: classes from 0, or
 *       255 for void
 * </ul>
 *
 * <p>Transforms and sampling are left out, since training augments, normalises and shuffles itself.
 * Records are read from several threads at once, as DJL does when it prefetches.
 */
public final class DjlDataset implements Dataset {

  private final String name;
  private final List<String> classes;
  private final RandomAccessDataset training;
  private final RandomAccessDataset validation;

  private DjlDataset(
      String name,
      List<String> classes,
      RandomAccessDataset training,
      RandomAccessDataset validation) {
    this.name = name;
    this.classes = List.copyOf(classes);
    this.training = training;
    this.validation = validation;
  }

  /**
   * Prepares both splits.
   *
   * @param name what to call the data set in messages and in the configuration of a run
   * @param classes their names; label k is the k-th, from 0
   * @throws DataException if a split cannot be prepared or is empty
   */
  public static DjlDataset of(
      String name,
      List<String> classes,
      RandomAccessDataset training,
      RandomAccessDataset validation) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(validation, "validation");
    classes.forEach(one -> Objects.requireNonNull(one, "class name"));
    if (Set.copyOf(classes).size() < classes.size() || classes.stream().anyMatch(String::isBlank)) {
      throw new DataException(
          "%s has a class without a name, or two of one name: %s; name each once"
              .formatted(name, classes));
    }
    if (classes.isEmpty() || classes.size() > Sample.VOID) {
      throw new DataException(
          "%s has %d classes, but a label is one of 1-%d classes; name each once"
              .formatted(name, classes.size(), Sample.VOID));
    }
    DjlDataset dataset = new DjlDataset(name, classes, training, validation);
    dataset.prepare(Split.TRAINING);
    dataset.prepare(Split.VALIDATION);
    return dataset;
  }

  private void prepare(Split split) {
    try {
      records(split).prepare();
    } catch (IOException e) {
      throw new DataException(
          "the %s split of %s cannot be prepared: %s".formatted(split, name, IoReason.of(e)), e);
    } catch (TranslateException e) {
      throw new DataException(
          "the %s split of %s cannot be prepared: %s".formatted(split, name, e.getMessage()), e);
    }
    if (size(split) == 0) {
      throw new DataException(
          "the %s split of %s has 0 records; give it at least 1".formatted(split, name));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int size(Split split) {
    return split == Split.TEST ? 0 : Math.toIntExact(records(split).size());
  }

  /** For example {@code pets/training/00012}: a name, there is no such file. */
  @Override
  public String file(Split split, int index) {
    Objects.checkIndex(index, size(split));
    return String.format(Locale.ROOT, "%s/%s/%05d", name, split, index);
  }

  @Override
  public Sample read(Split split, int index) {
    String file = file(split, index);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Record record = records(split).get(manager, index);
      Picture picture = RecordArrays.picture(record.getData(), file);
      LabelMap mask = RecordArrays.mask(record.getLabels(), file);
      if (picture.width() != mask.width() || picture.height() != mask.height()) {
        throw new DataException(
            "the image of %s is %d x %d, but its mask is %d x %d; make them one size"
                .formatted(file, picture.width(), picture.height(), mask.width(), mask.height()));
      }
      return new Sample(file, picture.width(), picture.height(), picture.rgb(), labels(mask, file));
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  private byte[] labels(LabelMap mask, String file) {
    int[] values = mask.values();
    byte[] labels = new byte[values.length];
    for (int i = 0; i < labels.length; i++) {
      if (values[i] < 0 || (values[i] >= classes.size() && values[i] != Sample.VOID)) {
        throw new DataException(
            "label %d in %s (column %d, row %d), but labels are 0-%d and 255 = void; correct the mask"
                .formatted(
                    values[i], file, i % mask.width(), i / mask.width(), classes.size() - 1));
      }
      labels[i] = (byte) values[i];
    }
    return labels;
  }

  private RandomAccessDataset records(Split split) {
    return split == Split.TRAINING ? training : validation;
  }
}
