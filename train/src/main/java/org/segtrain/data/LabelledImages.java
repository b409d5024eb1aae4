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
import org.segtrain.data.internal.HeapFull;
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
  private final Map<Path, Boolean> gifs = new ConcurrentHashMap<>();
  private final Map<Split, List<Pair>> pairs = new EnumMap<>(Split.class);

  LabelledImages(String name, ClassTable classes, Masks masks, Layout layout) {
    this.name = name;
    this.classes = classes;
    this.masks = masks;
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
    try {
      return read(all.get(index), masksOf(all));
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(file(split, index), e);
    }
  }

  /** The same, but pixels that are too many for the memory are read later. */
  @Override
  public LabelledPhotograph open(Split split, int index) {
    Pair pair = pairs(split).get(index);
    Optional<Photograph> large = ofPair("mask", () -> StoredPhotograph.of(pair.image()));
    if (large.isEmpty()) {
      return read(split, index);
    }
    Extent seen = new Extent(large.get().width(), large.get().height());
    requireOneSize(pair, seen, ofPair("image", () -> Extent.ofMask(pair.mask())));
    return new StoredSample(
        pair.name(),
        large.get(),
        () -> ofPair("image", () -> masks.read(pair.mask(), masksOf(pairs(split))).values()));
  }

  /** A photograph that is read by parts, and its labels, which are read when asked for. */
  private record StoredSample(String name, Photograph photograph, Supplier<byte[]> mask)
      implements LabelledPhotograph {
    @Override
    public byte[] labels() {
      return mask.get();
    }
  }

  @Override
  public Sample read(Pair pair) {
    return read(pair, () -> List.of(pair.mask()));
  }

  private Sample read(Pair pair, Supplier<List<Path>> others) {
    Picture picture = ofPair("mask", () -> ImageFiles.readRgb(pair.image()));
    Masks.Labels labels = ofPair("image", () -> masks.read(pair.mask(), others));
    requireOneSize(
        pair,
        new Extent(picture.width(), picture.height()),
        new Extent(labels.width(), labels.height()));
    return new Sample(
        pair.name(), picture.width(), picture.height(), picture.rgb(), labels.values());
  }

  /** Reads a file; where it is to be taken out, so is the other of its pair. */
  private static <T> T ofPair(String other, Supplier<T> read) {
    try {
      return read.get();
    } catch (DataException wrong) {
      String sentence = wrong.getMessage();
      if (!sentence.endsWith("take it out")) {
        throw wrong;
      }
      throw new DataException("%s with its %s".formatted(sentence, other), wrong);
    }
  }

  private static Supplier<List<Path>> masksOf(List<Pair> pairs) {
    return () -> pairs.stream().map(Pair::mask).toList();
  }

  private static void requireOneSize(Pair pair, Extent seen, Extent labelled) {
    if (!seen.equals(labelled)) {
      throw new DataException(
          "%s is %s after EXIF rotation, but its mask %s is %s; make them one size"
              .formatted(pair.image(), seen, pair.mask(), labelled));
    }
  }

  @Override
  public void checkHeaders(Split split) {
    checkAll(
        pairs(split),
        pair ->
            requireOneSize(
                pair,
                ofPair("mask", () -> Extent.ofPhotograph(pair.image())),
                ofPair("image", () -> Extent.ofMask(pair.mask()))));
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
          byte[] labels = ofPair("image", () -> masks.read(pair.mask(), masksOf(all))).values();
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
