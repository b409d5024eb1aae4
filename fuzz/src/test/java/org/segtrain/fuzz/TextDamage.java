package org.segtrain.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What becomes of a text, of which some bytes may be anything: each is a letter here. */
final class TextDamage {

  private static final Pattern VALUE =
      Pattern.compile("\"[^\"\\\\]*\"|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null");

  private static final List<String> ODD =
      List.of(
          "0",
          "-1",
          "1",
          "4.7",
          "1e-9",
          "-1e300",
          "1e999",
          "NaN",
          "2147483648",
          "99999999999",
          "9223372036854775807",
          "100000000000000000000",
          "null",
          "true",
          "\"\"",
          "\"x\"",
          "[]",
          "[null]",
          "{}",
          "{\"a\":null}",
          "");

  private static final String MARKS = "\"'{}[]:,\\#/-. \n";

  private static final List<String> CONTROLS =
      List.of(
          "\0",
          "\r",
          "\t",
          "\u001b[31m",
          "\u007f",
          "\u00ff",
          "\u00c3",
          latin("\u00fc"),
          latin("\ufeff"),
          latin("\u202e"),
          latin("\u2028"),
          latin("\ud83d\ude00"),
          "\\ud800",
          "\\u0000",
          "\\n",
          "\\u001b");

  private static final int LONGEST = 100_000;

  private TextDamage() {}

  private static String latin(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private static <T> T one(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  static byte[] value(byte[] whole, Random random) {
    String text = text(whole);
    List<MatchResult> values = VALUE.matcher(text).results().toList();
    if (values.isEmpty()) {
      return Damage.bytes(whole, random);
    }
    MatchResult value = one(values, random);
    return put(text, value.start(), value.end(), one(ODD, random));
  }

  static byte[] line(byte[] whole, Random random) {
    List<String> lines = new ArrayList<>(List.of(text(whole).split("(?<=\n)")));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(3)) {
      case 0 -> lines.add(at, lines.get(at));
      case 1 -> lines.remove(at);
      default -> Collections.swap(lines, at, random.nextInt(lines.size()));
    }
    return String.join("", lines).getBytes(ISO_8859_1);
  }

  static byte[] quote(byte[] whole, Random random) {
    String text = text(whole);
    int[] marks = text.chars().filter(c -> MARKS.indexOf(c) >= 0).toArray();
    String other = String.valueOf(MARKS.charAt(random.nextInt(MARKS.length())));
    if (marks.length == 0) {
      return put(text, 0, 0, other);
    }
    int from = random.nextInt(text.length());
    int at = text.indexOf(marks[random.nextInt(marks.length)], from);
    at = at < 0 ? from : at;
    return put(text, at, at + random.nextInt(2), random.nextBoolean() ? other : "");
  }

  static byte[] control(byte[] whole, Random random) {
    int at = random.nextInt(whole.length + 1);
    return put(text(whole), at, at, one(CONTROLS, random));
  }

  static byte[] repeated(byte[] whole, Random random) {
    String text = text(whole);
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 1 : 40));
    String part = text.substring(at, end);
    return put(text, at, end, part.repeat(1 + random.nextInt(LONGEST) / part.length()));
  }

  private static byte[] put(String text, int from, int to, String instead) {
    String whole = text.substring(0, from) + instead + text.substring(Math.min(to, text.length()));
    return whole.getBytes(ISO_8859_1);
  }
}
