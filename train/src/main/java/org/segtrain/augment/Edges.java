package org.segtrain.augment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.UsageException;

/**
 * The edges to which a photograph is resized with its aspect ratio kept: as large as both allow, as
 * MMSegmentation's {@code scale} with {@code keep_ratio}.
 *
 * @param longEdge pixels of the longer side, at most
 * @param shortEdge pixels of the shorter side, at most
 */
public record Edges(int longEdge, int shortEdge) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})x(\\d{1,6})");
  private static final int LONGEST = 4; // short edges, as MMSegmentation has with ADE20K

  public Edges {
    if (shortEdge < 1 || longEdge < shortEdge) {
      throw new UsageException(
          "the long edge must be at least the short edge, but got %d and %d"
              .formatted(longEdge, shortEdge));
    }
  }

  /** The short edge of a crop, and four times that, as with ADE20K. */
  public static Edges around(ImageSize crop) {
    return ofShort(crop.shortEdge());
  }

  /** That short edge, and four times that. */
  public static Edges ofShort(int shortEdge) {
    return new Edges(LONGEST * shortEdge, shortEdge);
  }

  /**
   * The edges that a text such as {@code 2048x512} says, in either order.
   *
   * @param key of the configuration, for the sentence
   * @throws UsageException if it says none
   */
  public static Edges of(String key, String text) {
    return of(key, "", text);
  }

  /**
   * The same of a value that may be something else too.
   *
   * @param others what else, for the sentence: ", or original"
   */
  public static Edges of(String key, String others, String text) {
    Matcher edges = TEXT.matcher(text.strip());
    if (!edges.matches()) {
      throw new UsageException(
          "%s must be the long and the short edge, as in 2048x512%s, but is \"%s\""
              .formatted(key, others, text));
    }
    int one = Integer.parseInt(edges.group(1));
    int other = Integer.parseInt(edges.group(2));
    if (Math.min(one, other) < 1) {
      throw new UsageException(
          "%s must have edges of at least 1 pixel, but is \"%s\"".formatted(key, text));
    }
    return new Edges(Math.max(one, other), Math.min(one, other));
  }

  /** {@code 2048x512}. */
  @Override
  public String toString() {
    return longEdge + "x" + shortEdge;
  }
}
