package org.segtrain.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.errors.DataException;

/** Reads images with their masks, a pair at a time, wherever the files are. */
public final class LabelledFiles {

  private final Masks masks;

  LabelledFiles(Masks masks) {
    this.masks = masks;
  }

  /**
   * A reader of masks of known classes.
   *
   * @param files of which the rules for the values of masks count, not the places
   * @throws org.segtrain.errors.UsageException if {@code files} do not suit the classes
   */
  public static LabelledFiles of(ClassTable classes, DataFiles files) {
    return new LabelledFiles(
        new Masks(LabelRule.of(classes, files), new ColourRule(classes), files.colours()));
  }

  /**
   * Opens an image and its mask. Pixels that are too many for the memory are read later.
   *
   * @throws DataException if one of them cannot be read, or they do not belong together
   */
  public LabelledPhotograph open(Path image, Path mask) {
    String name = image.getFileName().toString();
    return open(new Pair(name, image, mask), () -> List.of(mask));
  }

  /**
   * The same.
   *
   * @param others all masks of the split
   */
  LabelledPhotograph open(Pair pair, Supplier<List<Path>> others) {
    Optional<Photograph> large = ofPair("mask", () -> StoredPhotograph.of(pair.image()));
    if (large.isEmpty()) {
      return read(pair, others);
    }
    Extent seen = new Extent(large.get().width(), large.get().height());
    requireOneSize(pair, seen, ofPair("image", () -> Extent.ofMask(pair.mask())));
    return new StoredSample(
        pair.name(),
        large.get(),
        () -> ofPair("image", () -> masks.read(pair.mask(), others).values()));
  }

  /** A photograph that is read by parts, and its labels, which are read when asked for. */
  private record StoredSample(String name, Photograph photograph, Supplier<byte[]> mask)
      implements LabelledPhotograph {
    @Override
    public byte[] labels() {
      return mask.get();
    }
  }

  /**
   * Reads all of both.
   *
   * @param others all masks of the split
   */
  Sample read(Pair pair, Supplier<List<Path>> others) {
    try {
      Picture picture = ofPair("mask", () -> ImageFiles.readRgb(pair.image()));
      Masks.Labels labels = ofPair("image", () -> masks.read(pair.mask(), others));
      requireOneSize(
          pair,
          new Extent(picture.width(), picture.height()),
          new Extent(labels.width(), labels.height()));
      return new Sample(
          pair.name(), picture.width(), picture.height(), picture.rgb(), labels.values());
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(pair.image().toString(), e);
    }
  }

  /** Reads a file; where it is to be taken out, so is the other of its pair. */
  static <T> T ofPair(String other, Supplier<T> read) {
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

  static void requireOneSize(Pair pair, Extent seen, Extent labelled) {
    if (!seen.equals(labelled)) {
      throw new DataException(
          "%s is %s after EXIF rotation, but its mask %s is %s; make them one size"
              .formatted(pair.image(), seen, pair.mask(), labelled));
    }
  }
}
