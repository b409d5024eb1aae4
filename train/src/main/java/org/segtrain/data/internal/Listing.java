package org.segtrain.data.internal;

import java.nio.file.Path;
import java.util.List;
import org.segtrain.errors.DataException;

/**
 * The files of a split.
 *
 * @param pairs images with their masks, in the order of their names
 * @param strays files that should be half of a pair
 * @param leftOut files beside them, of no concern
 */
public record Listing(List<Pair> pairs, List<Stray> strays, LeftOut leftOut) {

  public Listing {
    pairs = List.copyOf(pairs);
    strays = List.copyOf(strays);
  }

  /**
   * An image and its mask.
   *
   * @param name what they have in common
   * @param part of data sets that are joined, the number of theirs, from 0
   */
  public record Pair(String name, Path image, Path mask, int part) {

    /** A pair of a data set that is not joined to another. */
    public Pair(String name, Path image, Path mask) {
      this(name, image, mask, 0);
    }

    /** The same in that one of several. */
    public Pair of(int number) {
      return new Pair(name, image, mask, number);
    }
  }

  /** Why a file is no half of a pair. */
  public enum Trouble {
    /** Its name is no text, so that it could be confused with another. */
    BAD_NAME,
    /** Another has the same base name. */
    TWIN,
    /** It is of a format that is not read. */
    UNREAD,
    NO_MASK,
    NO_IMAGE,
    /** A list names it twice, or it is not there. */
    WRONGLY_LISTED
  }

  /**
   * A file that is no half of a pair.
   *
   * @param name what it should have in common with another; empty if that is not known
   * @param files the file, and its twin if it has one
   * @param line of the list that the file is, from 1; 0 if it is none, or all of it is meant
   * @param cause what is wrong
   * @param remedy what to do
   */
  public record Stray(
      Trouble trouble, String name, List<Path> files, int line, String cause, String remedy) {

    public Stray {
      files = List.copyOf(files);
    }

    /** About no line of a list. */
    public Stray(Trouble trouble, String name, List<Path> files, String cause, String remedy) {
      this(trouble, name, files, 0, cause, remedy);
    }

    /** An image whose mask would be found if the case of its name were that of the image. */
    public static Stray ofOtherCase(String name, Path image, Path mask) {
      return new Stray(
          Trouble.NO_MASK,
          name,
          List.of(image, mask),
          "%s has no mask, since the name of %s differs in case".formatted(image, mask),
          "write both names alike");
    }

    /** Both. */
    public String sentence() {
      return cause + "; " + remedy;
    }
  }

  /**
   * Refuses strays.
   *
   * @throws DataException if there are any, about the first
   */
  public void requireWhole() {
    if (!strays.isEmpty()) {
      String others = strays.size() == 1 ? "" : " (the first of %d; data check names all)";
      throw new DataException(strays.get(0).sentence() + others.formatted(strays.size()));
    }
  }
}
