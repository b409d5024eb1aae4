package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/**
 * An augmentation of a program, whose results are checked.
 *
 * @param own the program's
 * @param crop largest size of its results
 * @param classes its labels are below this, or void
 */
record OwnAugmentation(Augmentation own, ImageSize crop, int classes) implements Augmentation {

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Sample changed = changed(sample, random);
    if (changed.width() > crop.width() || changed.height() > crop.height()) {
      throw new UsageException(
          "the program's augmentation makes %s %d x %d, but data.crop is %s; return at most that"
              .formatted(sample.name(), changed.width(), changed.height(), crop));
    }
    for (byte label : changed.labels()) {
      int value = Byte.toUnsignedInt(label);
      if (value >= classes && value != Sample.VOID) {
        throw new UsageException(
            "the program's augmentation gives %s the label %d, but labels are 0-%d and 255 = void;"
                    .formatted(sample.name(), value, classes - 1)
                + " return those");
      }
    }
    return changed;
  }

  private Sample changed(Sample sample, RandomGenerator random) {
    Sample changed;
    try {
      changed = own.apply(sample, random);
    } catch (DataException | UsageException e) {
      throw e;
    } catch (RuntimeException e) { // a bug of the program, and no file that cannot be read
      throw new UsageException(
          "the program's augmentation fails on %s: %s; correct it".formatted(sample.name(), e), e);
    }
    if (changed == null) {
      throw new UsageException(
          "the program's augmentation makes null of %s; return a sample".formatted(sample.name()));
    }
    return changed;
  }
}
