package org.segtrain.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.Portioned;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/**
 * Several data sets as one, each with a weight.
 *
 * <p>In an epoch of a training, n training samples with the weight w have w n turns, rounded, and
 * at least one. They come in laps, each in a new order, so none is ever more than one turn ahead of
 * another. With a weight of 0.5 every second epoch begins anew; with 3 each sample comes three
 * times an epoch, augmented differently. Validation and test have each sample once, whatever its
 * weight, of all data sets that have such a split. DJL's trainer takes all samples alike.
 */
public final class JoinedDataset implements Dataset, HeaderCheck, Portioned {

  /** The largest weight. */
  public static final int MOST = 1000;

  /** One of them. */
  private record Part(Dataset dataset, double weight) {

    boolean has(Split split) {
      return !(dataset instanceof LabelledImages images) || images.has(split);
    }

    String place() {
      return dataset instanceof LabelledImages images ? images.folder().toString() : dataset.name();
    }
  }

  /** A sample's data set, and its number there. */
  private record Place(Dataset dataset, int index) {}

  private final List<Part> parts;

  private JoinedDataset(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Begins with one data set.
   *
   * @param weight how often each of its training samples comes in an epoch, on average
   * @throws UsageException if it is not above 0 and at most {@link #MOST}
   */
  public static JoinedDataset of(Dataset dataset, double weight) {
    return new JoinedDataset(List.of(part(dataset, weight)));
  }

  /**
   * The same with another data set behind it.
   *
   * @throws UsageException if the weight is not above 0 and at most {@link #MOST}
   * @throws DataException if it has other classes, or the same in another order
   */
  public JoinedDataset and(Dataset dataset, double weight) {
    List<Part> more = new ArrayList<>(parts);
    more.add(part(dataset, weight));
    refuseOtherClasses(parts.get(0), more.get(parts.size()));
    return new JoinedDataset(more);
  }

  private static Part part(Dataset dataset, double weight) {
    requireWeight(weight);
    return new Part(Objects.requireNonNull(dataset, "dataset"), weight);
  }

  /**
   * Does nothing if a data set can have that weight.
   *
   * @throws UsageException if it cannot
   */
  public static void requireWeight(double weight) {
    if (!(weight > 0 && weight <= MOST)) {
      throw new UsageException(
          "a weight of data.parts must be above 0 and at most %d, but is %s"
              .formatted(MOST, weight));
    }
  }

  private static void refuseOtherClasses(Part first, Part other) {
    List<String> classes = first.dataset().classes();
    List<String> others = other.dataset().classes();
    if (classes.equals(others)) {
      return;
    }
    int k = 0; // the first that differs
    while (k < Math.min(classes.size(), others.size()) && classes.get(k).equals(others.get(k))) {
      k++;
    }
    throw new DataException(
        ("%s has %s and class %d is %s, but %s has %d and %s; data sets that are joined have"
                + " the same classes in the same order, so make the lists one")
            .formatted(
                first.place(),
                Counted.of(classes.size(), "class"),
                k,
                named(classes, k),
                other.place(),
                others.size(),
                named(others, k)));
  }

  private static String named(List<String> classes, int index) {
    return index < classes.size() ? '"' + classes.get(index) + '"' : "none";
  }

  /** The first, whose colours pictures have. */
  Dataset first() {
    return parts.get(0).dataset();
  }

  @Override
  public String name() {
    return parts.stream()
        .map(part -> part.dataset().name())
        .distinct()
        .collect(Collectors.joining("+"));
  }

  @Override
  public List<String> classes() {
    return first().classes();
  }

  /** Those that have the split; if none has, the first, which says so. */
  private List<Dataset> with(Split split) {
    List<Dataset> some =
        parts.stream()
            .filter(part -> split == Split.TRAINING || part.has(split))
            .map(Part::dataset)
            .toList();
    return some.isEmpty() ? List.of(first()) : some;
  }

  @Override
  public int size(Split split) {
    return with(split).stream().mapToInt(dataset -> dataset.size(split)).reduce(0, Math::addExact);
  }

  private Place place(Split split, int index) {
    int left = index;
    for (Dataset dataset : with(split)) {
      int size = dataset.size(split);
      if (left < size) {
        return new Place(dataset, left);
      }
      left -= size;
    }
    throw new IndexOutOfBoundsException(
        "there are %d %s samples, but %d was asked for".formatted(size(split), split, index));
  }

  @Override
  public String file(Split split, int index) {
    Place place = place(split, index);
    return place.dataset().file(split, place.index());
  }

  @Override
  public Sample read(Split split, int index) {
    Place place = place(split, index);
    return place.dataset().read(split, place.index());
  }

  @Override
  public byte[] labels(Split split, int index) {
    Place place = place(split, index);
    return place.dataset().labels(split, place.index());
  }

  @Override
  public LabelledPhotograph open(Split split, int index) {
    Place place = place(split, index);
    return place.dataset().open(split, place.index());
  }

  @Override
  public List<Portion> portions() {
    return parts.stream()
        .map(part -> new Portion(part.dataset().size(Split.TRAINING), part.weight()))
        .toList();
  }

  @Override
  public void checkHeaders(Split split) {
    for (Dataset dataset : with(split)) {
      if (dataset instanceof HeaderCheck files) {
        files.checkHeaders(split);
      }
    }
  }

  @Override
  public boolean checkLabels(Split split) {
    boolean found = false;
    for (Dataset dataset : with(split)) {
      found |= !(dataset instanceof HeaderCheck files) || files.checkLabels(split);
    }
    return found;
  }

  /**
   * Its files, to be looked at one by one.
   *
   * @throws UsageException if one of the data sets has none
   */
  public FileSet files() {
    List<LabelledImages> images = new ArrayList<>();
    for (Part part : parts) {
      if (!(part.dataset() instanceof LabelledImages files)) {
        throw new UsageException("%s has no files to check".formatted(part.place()));
      }
      images.add(files);
    }
    return new JoinedFiles(images, parts.stream().map(Part::weight).toList());
  }

  /** "an epoch has 100 of 100 images of my/a, 25 of 50 of my/b". */
  @Override
  public String toString() {
    List<Portion> portions = portions();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Portion portion = portions.get(i);
      texts.add(
          String.format(
              Locale.ROOT,
              "%d of %d%s of %s",
              portion.turns(),
              portion.size(),
              i == 0 ? " training images" : "",
              parts.get(i).place()));
    }
    return "an epoch has " + String.join(", ", texts);
  }
}
