package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** JSON of this project's records: names of enums as users write them. */
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private Json() {}

  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /** Several lines, for people to read too. */
  public static String page(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  static <T> T read(String json, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(json, type);
  }

  /** Reads {@code json}, and from {@code defaults} what it lacks. */
  static <T> T readOver(String defaults, String json, Class<T> type)
      throws JsonProcessingException {
    JsonNode whole = MAPPER.readerForUpdating(MAPPER.readTree(defaults)).readValue(json);
    return MAPPER.treeToValue(whole, type);
  }

  /** The value of an object's field, as JSON; empty if it has none. */
  public static String field(String json, String name) throws JsonProcessingException {
    return MAPPER.readTree(json).path(name).toString();
  }

  public static List<String> strings(String json) throws JsonProcessingException {
    return MAPPER.readValue(json, new TypeReference<List<String>>() {});
  }
}
