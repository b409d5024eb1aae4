package org.segtrain.data;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.Foreground;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;
import org.segtrain.errors.DataException;

/** Images with their masks in files. A split is listed when it is first asked for. */
final class LabelledImages implements Dataset, HeaderCheck, FileSet {

  private final String name;
  private final ClassTable classes;
  private final Layout layout;
  private final Masks masks;
  private final LabelledFiles files;
  private final Map<Path, Boolean> gifs = new ConcurrentHashMap<>();
  private final Map<Split, List<Pair>> pairs = new EnumMap<>(Split.class);

  LabelledImages(String name, ClassTable classes, Masks masks, Layout layout) {
    this.name = name;
    this.classes = classes;
    this.masks = masks;
    this.files = new LabelledFiles(masks);
    this.layout = layout;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classes() {
    return classes.names();
  }

  @Override
  public int size(Split split) {
    return pairs(split).size();
  }

  /** Whether there is such a split. */
  boolean has(Split split) {
    return layout.has(split);
  }

  @Override
  public String file(Split split, int index) {
    return pairs(split).get(index).image().toString();
  }

  private synchronized List<Pair> pairs(Split split) {
    return pairs.computeIfAbsent(split, layout::pairs);
  }

  @Override
  public Sample read(Split split, int index) {
    List<Pair> all = pairs(split);
    return files.read(all.get(index), masksOf(all));
  }

  /** The same, but pixels that are too many for the memory are read later. */
  @Override
  public LabelledPhotograph open(Split split, int index) {
    List<Pair> all = pairs(split);
    return files.open(all.get(index), masksOf(all));
  }

  @Override
  public Sample read(Pair pair) {
    return files.read(pair, () -> List.of(pair.mask()));
  }

  private static Supplier<List<Path>> masksOf(List<Pair> pairs) {
    return () -> pairs.stream().map(Pair::mask).toList();
  }

  @Override
  public void checkHeaders(Split split) {
    checkAll(
        pairs(split),
        pair ->
            LabelledFiles.requireOneSize(
                pair,
                LabelledFiles.ofPair("mask", () -> Extent.ofPhotograph(pair.image())),
                LabelledFiles.ofPair("image", () -> Extent.ofMask(pair.mask()))));
  }

  @Override
  public boolean checkLabels(Split split) {
    List<Pair> all = pairs(split);
    AtomicBoolean found = new AtomicBoolean();
    try {
      checkLabels(all, found);
    } catch (DataException wrong) {
      if (Exchange.isLikely(all)) {
        String where = ", as in %s and %s".formatted(all.get(0).image(), all.get(0).mask());
        throw new DataException(Exchange.sentence(layout, where), wrong);
      }
      throw wrong;
    }
    return found.get();
  }

  private void checkLabels(List<Pair> all, AtomicBoolean found) {
    checkAll(
        all,
        pair -> {
          byte[] labels =
              LabelledFiles.ofPair("image", () -> masks.read(pair.mask(), masksOf(all))).values();
          if (!found.get() && Foreground.isLabelled(labels)) {
            found.set(true);
          }
        });
  }

  /** Looks at each, on all cores, until one is refused. */
  private static void checkAll(List<Pair> pairs, Consumer<Pair> look) {
    pairs.parallelStream()
        .flatMap(pair -> refusal(pair, look).stream())
        .findFirst()
        .ifPresent(
            wrong -> {
              throw wrong;
            });
  }

  private static Optional<DataException> refusal(Pair pair, Consumer<Pair> look) {
    try {
      look.accept(pair);
      return Optional.empty();
    } catch (DataException wrong) {
      return Optional.of(wrong);
    }
  }

  @Override
  public List<Split> splits() {
    return layout.splits();
  }

  @Override
  public Listing listing(Split split) {
    return layout.listing(split);
  }

  @Override
  public long bytesToRead(Path file) {
    return Room.bytes(Extent.ofMask(file));
  }

  @Override
  public PhotographFacts photograph(Path file) {
    return FileFacts.ofPhotograph(file);
  }

  @Override
  public MaskFacts mask(Path file) {
    return FileFacts.ofMask(file);
  }

  @Override
  public boolean holds(Path file) {
    return layout.holds(file);
  }

  @Override
  public boolean isPhotograph(Path file) {
    try {
      return ImageFiles.readRgb(file).width() > 0;
    } catch (DataException neither) {
      return false;
    }
  }

  @Override
  public boolean isExchanged(Pair pair) {
    return Exchange.isLikely(pair);
  }

  @Override
  public String exchanged() {
    return Exchange.sentence(layout, "");
  }

  @Override
  public boolean isByColour(Pair pair, MaskFacts mask) {
    return masks.isByColour(mask) || isPainted(pair.mask(), mask);
  }

  /** Whether it is a GIF in colours of classes, whose values mean nothing. */
  private boolean isPainted(Path file, MaskFacts mask) {
    return masks.hasColours(mask)
        && gifs.computeIfAbsent(
            file, unused -> ImageFormat.in(file).equals(Optional.of(ImageFormat.GIF)));
  }

  @Override
  public boolean hasColours(Pair pair) {
    return !masks.colours().isEmpty();
  }

  @Override
  public OptionalInt label(Pair pair, MaskFacts mask, int value) {
    return isPainted(pair.mask(), mask)
        ? masks.colours().label(mask.palette().get(value))
        : masks.label(mask, value);
  }

  @Override
  public double weight(Pair pair) {
    return 1;
  }

  /** The classes with their colours. */
  ClassTable table() {
    return classes;
  }

  /** Where its files are, for people. */
  Path folder() {
    return layout.dir();
  }
}
