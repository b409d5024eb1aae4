package org.segtrain.data.internal;

import java.util.Optional;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;

/**
 * Whether there is more to learn than one class. Binary masks are often painted with 0 and 255, and
 * 255 is void by convention, so that nothing but the background would be learnt.
 */
public final class Foreground {

  private static final int MOST = 200; // samples; usually the first shows another class

  private Foreground() {}

  /**
   * Looks at samples until one has another class than the first.
   *
   * @return a sentence, if many were looked at and none has one, or if all are void
   * @throws DataException if all were looked at and none has one, but void where it might be
   */
  public static Optional<String> look(Dataset dataset) {
    if (dataset.classes().size() == 1) {
      return Optional.of(oneClass(dataset.classes().get(0)) + "; name the background too");
    }
    long size = dataset.size(Split.TRAINING);
    long looks = Math.min(size, MOST);
    boolean first = false;
    boolean isVoid = false;
    for (long i = 0; i < looks; i++) {
      for (byte label : dataset.labels(Split.TRAINING, (int) (i * size / looks))) {
        first |= label == 0;
        isVoid |= label == (byte) Sample.VOID;
        if (label != 0 && label != (byte) Sample.VOID) {
          return Optional.empty();
        }
      }
    }
    if (!first && size > 0) {
      return withoutClass(dataset);
    }
    return first && isVoid ? Optional.of(sentence(dataset, size, looks)) : Optional.empty();
  }

  /** Looks at all, where those looked at were void. */
  private static Optional<String> withoutClass(Dataset dataset) {
    int size = dataset.size(Split.TRAINING);
    for (int i = 0; i < size; i++) {
      if (isLabelled(dataset.labels(Split.TRAINING, i))) {
        return Optional.empty();
      }
    }
    return Optional.of(
        "warning: %s; label them, or say what their values mean".formatted(allVoid(size)));
  }

  /** Whether a pixel has a class. */
  public static boolean isLabelled(byte[] labels) {
    for (byte label : labels) {
      if (label != (byte) Sample.VOID) {
        return true;
      }
    }
    return false;
  }

  /** The fault if nothing has a class. */
  public static String allVoid(int masks) {
    String all =
        masks == 1 ? "the only training mask is" : "all %d training masks are".formatted(masks);
    return all + " void, so nothing would be learnt";
  }

  /** The fault if there is no other class. */
  public static String oneClass(String name) {
    return "there is one class only, \"%s\", so every pixel is of it".formatted(name);
  }

  private static String sentence(Dataset dataset, long size, long looks) {
    String looked =
        size == 1
            ? "the only training mask has"
            : "%s of %d training masks have"
                .formatted(looks == size ? "all" : looks + " looked at", size);
    String text =
        "%s no class but \"%s\" and void; in masks of 0 and 255, 255 is void"
                .formatted(looked, name(dataset, 0))
            + " by convention, so if it is \"%s\" give files.labels 255=%s"
                .formatted(name(dataset, 1), name(dataset, 1));
    if (looks == size) {
      throw new DataException(text);
    }
    return text;
  }

  private static String name(Dataset dataset, int label) {
    return dataset.classes().get(label);
  }
}
