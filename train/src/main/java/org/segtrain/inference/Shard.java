package org.segtrain.inference;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.UsageException;

/**
 * A part of the images of a split, so that several processes share them: every {@code count}-th.
 *
 * @param number of this part, from 1
 * @param count of parts
 */
public record Shard(int number, int count) {

  /** All images. */
  public static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/([1-9]\\d{0,5})");

  public Shard {
    if (number < 1 || number > count) {
      throw new UsageException(
          "a shard is one of 1/%d to %1$d/%1$d, but is %d/%1$d".formatted(count, number));
    }
  }

  /** The shard that a text such as "2/4" names. */
  @JsonCreator
  public static Shard of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException("a shard is one such as 2/4, but is \"%s\"".formatted(text));
    }
    return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** How many of {@code all} images are in it. */
  public int size(int all) {
    return (all - number + count) / count;
  }

  /** The index in the split of its image {@code i}, from 0. */
  public int index(int i) {
    return i * count + number - 1;
  }

  /** "2/4". */
  @JsonValue
  @Override
  public String toString() {
    return number + "/" + count;
  }
}
