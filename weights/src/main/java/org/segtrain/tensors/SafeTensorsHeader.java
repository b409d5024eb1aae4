package org.segtrain.tensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON at the head of a safetensors file, read token by token: it may be long, and the file may
 * be anybody's.
 *
 * @param entries by the names of the tensors, in the order of the header
 */
record SafeTensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {

  static final String METADATA = "__metadata__";

  /**
   * Without a table of all names, which would take longer than linear time, and outlast the file.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final int MOST_AXES = 64;
  private static final int LONGEST_NAME = 1000; // characters

  /** The tensor lies from {@code begin} to {@code end} in the bytes behind the header. */
  record Entry(String type, List<Long> shape, long begin, long end) {}

  /** A header that is none, in a few words. */
  static final class BadHeader extends IOException {
    private static final long serialVersionUID = 1;

    BadHeader(String why) {
      super(why);
    }
  }

  /** Reads it, and throws an exception of JSON or {@link BadHeader} if it is no such header. */
  static SafeTensorsHeader parse(byte[] json) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonParser in = JSON.createParser(json)) {
      expect(in, in.nextToken() == JsonToken.START_OBJECT);
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = name(in);
        expect(in, in.nextToken() == JsonToken.START_OBJECT);
        if (name.equals(METADATA)) {
          once(name, metadata.isEmpty());
          strings(in, metadata);
        } else {
          once(name, entries.put(name, entry(in)) == null);
        }
      }
      expect(in, in.nextToken() == null);
    }
    return new SafeTensorsHeader(entries, metadata);
  }

  private static void strings(JsonParser in, Map<String, String> metadata) throws IOException {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = name(in);
      expect(in, in.nextToken() == JsonToken.VALUE_STRING);
      once(name, metadata.put(name, in.getText()) == null);
    }
  }

  private static Entry entry(JsonParser in) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "dtype" -> {
          once(name, type == null);
          expect(in, value == JsonToken.VALUE_STRING);
          type = in.getText();
        }
        case "shape" -> {
          once(name, shape == null);
          shape = numbers(in);
        }
        case "data_offsets" -> {
          once(name, offsets == null);
          offsets = numbers(in);
        }
        default -> in.skipChildren();
      }
    }
    expect(in, type != null && shape != null && offsets != null && offsets.size() == 2);
    return new Entry(type, shape, offsets.get(0), offsets.get(1));
  }

  private static List<Long> numbers(JsonParser in) throws IOException {
    expect(in, in.currentToken() == JsonToken.START_ARRAY);
    List<Long> numbers = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      expect(in, in.currentToken() == JsonToken.VALUE_NUMBER_INT && numbers.size() < MOST_AXES);
      numbers.add(in.getLongValue());
      expect(in, in.getLongValue() >= 0);
    }
    return numbers;
  }

  private static String name(JsonParser in) throws IOException {
    String name = in.currentName();
    if (name.length() > LONGEST_NAME) {
      throw new BadHeader("has a name of %d characters".formatted(name.length()));
    }
    return name;
  }

  private static void once(String name, boolean isFirst) throws IOException {
    if (!isFirst) {
      throw new BadHeader("has the name %s twice".formatted(name));
    }
  }

  private static void expect(JsonParser in, boolean holds) throws IOException {
    if (!holds) {
      throw new IOException("not the header of a safetensors file at " + in.currentLocation());
    }
  }
}
