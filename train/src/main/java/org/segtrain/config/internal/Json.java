package org.segtrain.config.internal;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.segtrain.errors.UsageException;

/**
 * JSON of this project's records: names of enums as users write them, null in texts for what is no
 * number.
 */
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .build();

  /** Of records that are never without a value, which Jackson would leave null. */
  private static final ObjectMapper WHOLE =
      MAPPER
          .copy()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .setDefaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL));

  private static final JsonSerializer<Double> KNOWN =
      new JsonSerializer<>() {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider unused)
            throws IOException {
          if (value.isNaN()) {
            out.writeNull();
          } else {
            out.writeNumber(value);
          }
        }
      };

  private static final ObjectMapper WRITER =
      MAPPER
          .copy()
          .registerModule(
              new SimpleModule()
                  .addSerializer(Double.class, KNOWN)
                  .addSerializer(double.class, KNOWN));

  private Json() {}

  /** One line. */
  public static String line(Object value) {
    try {
      return WRITER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /** Several lines, for people to read too. */
  public static String page(Object value) {
    try {
      return WRITER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /** A list of texts. */
  public static List<String> strings(String json) throws JsonProcessingException {
    List<String> texts =
        MAPPER.readValue(
            json, MAPPER.getTypeFactory().constructCollectionType(List.class, String.class));
    if (texts == null || texts.contains(null)) {
      throw new JsonMappingException((JsonParser) null, "no list of texts");
    }
    return texts;
  }

  /** The value of an object's field, as JSON; empty if it has none. */
  public static String field(String json, String name) throws JsonProcessingException {
    return parse(json).path(name).toString();
  }

  /** The whole number that an object's field is; empty if the text is no such object. */
  public static OptionalLong whole(String json, String name) {
    JsonNode value =
        ofLine(json).map(object -> object.path(name)).orElse(MissingNode.getInstance());
    return value.isIntegralNumber() ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
  }

  /** The object that a line of a log is; empty if it is none. */
  public static Optional<JsonNode> ofLine(String line) {
    String object = line.strip(); // a line may end as on Windows
    if (!object.startsWith("{") || !object.endsWith("}")) {
      return Optional.empty(); // an exception takes a hundred times as long
    }
    try {
      return Optional.of(parse(object)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  public static JsonNode parse(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static JavaType type(Type type) {
    return MAPPER.constructType(type);
  }

  public static <T> T read(JsonNode node, Class<T> type) throws JsonProcessingException {
    return MAPPER.treeToValue(node, type);
  }

  /** The same of an object without null, however deep inside. */
  public static <T> T readWhole(JsonNode node, Class<T> type) throws JsonProcessingException {
    if (!node.isObject()) {
      throw new JsonMappingException((JsonParser) null, "no object");
    }
    return WHOLE.treeToValue(node, type);
  }

  /** Does nothing if {@code node} is a value of that type, without null where a number is. */
  public static void check(JsonNode node, JavaType type) throws JsonProcessingException {
    MAPPER
        .readerFor(type)
        .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .treeToValue(node, type);
  }

  /** The fault of a text and its place; Jackson's own words name its settings and classes. */
  public static String reason(JsonProcessingException e) {
    Throwable cause = e.getCause();
    if (cause instanceof UsageException
        || (cause != null && cause.getClass() == IllegalArgumentException.class)) {
      return cause.getMessage(); // of a record
    }
    List<String> path =
        e instanceof JsonMappingException at
            ? at.getPath().stream().map(Json::step).toList()
            : List.of();
    return path.isEmpty()
        ? ofText(e)
        : "its \"%s\" is missing or wrong".formatted(String.join(".", path));
  }

  private static String step(JsonMappingException.Reference step) {
    return step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName();
  }

  /** Where a text stops being JSON. */
  private static String ofText(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    JsonLocation at = e.getLocation();
    String place =
        at == null || at.getLineNr() < 1
            ? ""
            : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return message.startsWith("Duplicate field")
        ? message.replace("Duplicate field", "the key") + " stands twice" + place
        : "it is wrong" + place;
  }

  /** The exception of ours that a record threw while it was read, if one did. */
  public static Optional<UsageException> refusal(JsonProcessingException e) {
    return e.getCause() instanceof UsageException refused ? Optional.of(refused) : Optional.empty();
  }
}
