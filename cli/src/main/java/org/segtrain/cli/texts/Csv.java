package org.segtrain.cli.texts;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;

/** Tables for other programs, comma-separated (RFC 4180). NaN becomes an empty cell. */
public final class Csv {

  private Csv() {}

  /** Pixels by true class, a row each, and predicted class, a column each. */
  public static String confusion(Evaluation evaluation) {
    List<String> names = evaluation.classes();
    StringBuilder text =
        new StringBuilder(row(Stream.concat(Stream.of("labelled"), names.stream())));
    for (int k = 0; k < names.size(); k++) {
      text.append(
          row(Stream.concat(Stream.of(names.get(k)), evaluation.confusion().get(k).stream())));
    }
    return text.toString();
  }

  /** The images from the lowest mIoU on. */
  public static String images(Evaluation evaluation) {
    StringBuilder text = new StringBuilder(row("image", "mIoU", "aAcc", "pixels"));
    for (ImageCounts image : evaluation.worstFirst()) {
      text.append(row(image.file(), image.meanIou(), image.accuracy(), image.pixels()));
    }
    return text.toString();
  }

  /** A line of any values. */
  public static String row(List<?> values) {
    return row(values.stream());
  }

  private static String row(Object... values) {
    return row(Arrays.stream(values));
  }

  private static String row(Stream<?> values) {
    return values.map(Csv::field).collect(Collectors.joining(",")) + "\n";
  }

  private static String field(Object value) {
    if (value instanceof Double number && number.isNaN()) {
      return "";
    }
    String text = value.toString();
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
