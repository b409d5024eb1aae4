package org.segtrain.data.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;

/** A data set of files that can be looked at one by one, whatever the others are like. */
public interface FileSet {

  /** The splits that there may be: those to train with, and others that are there. */
  List<Split> splits();

  /**
   * Lists the files of a split.
   *
   * @throws DataException if there are no images
   */
  Listing listing(Split split);

  /**
   * How many bytes of the Java heap reading an image or a mask takes, as its header says.
   *
   * @throws DataException if it has none
   */
  long bytesToRead(Path file);

  /**
   * Reads a photograph.
   *
   * @throws DataException if it cannot be read
   */
  PhotographFacts photograph(Path file);

  /**
   * Reads a mask.
   *
   * @throws DataException if it cannot be read, or is no mask
   */
  MaskFacts mask(Path file);

  /** Whether a file of that path would be taken for an image or a mask. */
  boolean holds(Path file);

  /** Whether a file that is no mask is a photograph at least. */
  boolean isPhotograph(Path file);

  /** Whether the image of a pair is a mask, and its mask a photograph. */
  boolean isExchanged(Listing.Pair pair);

  /** The sentence about such pairs: the fault, and behind a semicolon the remedy. */
  String exchanged();

  /** Whether the classes of such a mask of a pair are known by its colours. */
  boolean isByColour(Listing.Pair pair, MaskFacts mask);

  /** Whether colours of classes are known for a pair. */
  boolean hasColours(Listing.Pair pair);

  /**
   * The meaning of a value or a colour of such a mask of a pair: a class, or void; empty if it has
   * none.
   */
  OptionalInt label(Listing.Pair pair, MaskFacts mask, int value);

  /** How often a training pair comes in an epoch, on average. */
  double weight(Listing.Pair pair);

  /**
   * Reads a pair, as training does.
   *
   * @throws DataException if it cannot be read
   */
  Sample read(Listing.Pair pair);
}
