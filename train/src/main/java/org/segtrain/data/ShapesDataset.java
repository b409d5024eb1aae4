package org.segtrain.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Generated scenes of twelve classes, the data set {@code shapes}: nothing to download, and the
 * same pixels on every machine.
 *
 * <p>They have work for all scales, painted over one another in random order. Large are two
 * background regions that meet in a rolling horizon, blobs, buildings, and patches known only by
 * their pattern. Then come disks, rings, triangles and stars; lines are 1 to 3 pixels thin, and
 * marks 4 to 8 pixels. Colours say little about the class; light falls unevenly, pixels are noisy,
 * and some borders are void.
 */
public final class ShapesDataset implements Dataset {

  /** Enters every seed: a change of the scenes changes it, and the pinned sums of the tests. */
  private static final long VERSION = 1;

  private static final List<String> CLASSES =
      Arrays.stream(ShapeClass.values()).map(ShapeClass::toString).toList();

  private final int side;
  private final int training;
  private final int validation;

  /** 10,000 scenes to train on and 200 to validate on, of 128 x 128 pixels. */
  public ShapesDataset() {
    this(128, 10_000, 200);
  }

  /**
   * Scenes of {@code side} x {@code side} pixels.
   *
   * @throws IllegalArgumentException if a scene is smaller than 32 pixels or a split is empty
   */
  public ShapesDataset(int side, int training, int validation) {
    if (side < 32) {
      throw new IllegalArgumentException(
          "Scenes of " + side + " pixels are too small: use a side of at least 32.");
    }
    if (training < 1 || validation < 1) {
      throw new IllegalArgumentException(
          "A split cannot be empty: "
              + training
              + " training and "
              + validation
              + " validation scenes were asked for, use at least 1 of each.");
    }
    this.side = side;
    this.training = training;
    this.validation = validation;
  }

  @Override
  public String name() {
    return "shapes";
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  @Override
  public int size(Split split) {
    return switch (split) {
      case TRAINING -> training;
      case VALIDATION -> validation;
      case TEST -> 0;
    };
  }

  /** For example {@code shapes/training/00012}: a name, there is no such file. */
  @Override
  public String file(Split split, int index) {
    Objects.checkIndex(index, size(split));
    return String.format(Locale.ROOT, "shapes/%s/%05d", split, index);
  }

  @Override
  public Sample read(Split split, int index) {
    String file = file(split, index);
    Dice dice = new Dice(seed(split, index));
    return painted(Canvas.coloured(side), dice).develop(file, dice);
  }

  @Override
  public byte[] labels(Split split, int index) {
    Objects.checkIndex(index, size(split));
    return painted(Canvas.ofLabels(side), new Dice(seed(split, index))).labels();
  }

  private Canvas painted(Canvas canvas, Dice dice) {
    canvas.paint(ShapeClass.SKY.draw(dice, side));
    canvas.paint(ShapeClass.GROUND.draw(dice, side));
    things(dice).forEach(canvas::paint);
    return canvas;
  }

  private static long seed(Split split, int index) {
    long first = split == Split.TRAINING ? 0 : 1L << 32;
    return Dice.mix((VERSION << 40) + first + index);
  }

  /** All but the background, the hindmost first. */
  private List<Thing> things(Dice dice) {
    List<Thing> things = new ArrayList<>();
    for (ShapeClass kind : EnumSet.range(ShapeClass.BLOB, ShapeClass.MARK)) {
      for (int left = kind.count(dice); left > 0; left--) {
        things.add(dice.integer(0, things.size()), kind.draw(dice, side));
      }
    }
    return things;
  }
}
