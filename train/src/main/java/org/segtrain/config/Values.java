package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;

/** Values of keys: whether they are of the right type, and how people read them. */
final class Values {

  private static final Set<String> MAY_BE_EMPTY =
      Set.of(
          "data.path",
          "files.images",
          "files.masks",
          "files.lists",
          "weights.file",
          "weights.part");

  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, Integer.class, ImageSize.class);

  private Values() {}

  /**
   * {@code value}, if {@code key} can have it.
   *
   * @throws UsageException if there is no such key, or its values are of another type
   */
  static JsonNode checked(String key, JsonNode value) {
    JavaType type = Keys.type(key);
    return ofType(key, type, whole(value, type));
  }

  /** 5 for 5.0 where whole numbers are wanted, as other programs write them. */
  private static JsonNode whole(JsonNode value, JavaType type) {
    if (type.isCollectionLikeType() && value.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> list.add(whole(element, type.getContentType())));
      return list;
    }
    boolean isWhole =
        value.isFloatingPointNumber()
            && value.canConvertToExactIntegral()
            && value.canConvertToLong();
    return isWhole && WHOLE.contains(type.getRawClass())
        ? LongNode.valueOf(value.longValue())
        : value;
  }

  private static JsonNode ofType(String key, JavaType type, JsonNode value) {
    boolean text = type.hasRawClass(String.class);
    if (text && value.isNull() && MAY_BE_EMPTY.contains(key)) {
      return TextNode.valueOf(""); // version 0.1 wrote null for what is not given
    }
    if (type.isEnumType() && value.isTextual()) {
      Choice.of(key, type.getRawClass().getEnumConstants(), value.asText());
      return value;
    }
    if (value.isNull() || (text && !value.isTextual()) || hasNull(value)) {
      throw new UsageException(wrong(key, type, value));
    }
    try {
      Json.check(value, type);
      return value;
    } catch (JsonProcessingException e) {
      if (type.hasRawClass(ImageSize.class)) { // which does not know its key
        throw new UsageException(wrong(key, type, value), e);
      }
      throw Json.refusal(e).orElseGet(() -> new UsageException(wrong(key, type, value, e)));
    }
  }

  /** The message for the wrong part of a value, else for the value. */
  private static String wrong(
      String key, JavaType type, JsonNode value, JsonProcessingException e) {
    if (!(e instanceof JsonMappingException at) || at.getPath().isEmpty() || !isNested(value)) {
      return wrong(key, type, value);
    }
    String place =
        key + at.getPathReference().replaceAll("[^\\[]*\\[\"?([^\"\\]]*)\"?](?:->)?", ".$1");
    if (e instanceof UnrecognizedPropertyException unknown) {
      List<String> known =
          unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
      String hint =
          new Choice("key", known)
              .nearest(unknown.getPropertyName())
              .map("did you mean %s? Known"::formatted)
              .orElse("known");
      return "unknown key \"%s\"; %s: %s".formatted(place, hint, String.join(", ", known));
    }
    JsonNode inner = value.at(place.substring(key.length()).replace('.', '/'));
    return inner.isMissingNode()
        ? "%s is missing; give it".formatted(place)
        : wrong(place, Json.type(wanted(at)), inner);
  }

  /** The wanted type, as far as the exception names it. */
  private static Class<?> wanted(JsonMappingException e) {
    return e instanceof MismatchedInputException mismatched && mismatched.getTargetType() != null
        ? mismatched.getTargetType()
        : Object.class;
  }

  /** Whether there are keys inside. */
  private static boolean isNested(JsonNode value) {
    return value.isObject()
        || StreamSupport.stream(value.spliterator(), false).anyMatch(JsonNode::isContainerNode);
  }

  private static boolean hasNull(JsonNode list) {
    for (JsonNode element : list.isArray() ? list : List.<JsonNode>of()) {
      if (element.isNull()) {
        return true;
      }
    }
    return false;
  }

  private static String wrong(String key, JavaType type, JsonNode value) {
    return "%s must be %s, but is %s".formatted(key, description(type), value);
  }

  private static String description(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (raw == int.class || raw == Integer.class) {
      return "a whole number up to " + Integer.MAX_VALUE;
    } else if (raw == long.class) {
      return "a whole number";
    } else if (raw == float.class || raw == double.class || raw == Double.class) {
      return "a number";
    } else if (raw == boolean.class) {
      return "true or false";
    } else if (raw == ImageSize.class) {
      return ImageSize.WANTED;
    } else if (type.isCollectionLikeType()) {
      Class<?> element = type.getContentType().getRawClass();
      return element == String.class
          ? "a list of texts"
          : element == Integer.class
              ? "a list of whole numbers"
              : element == Double.class
                  ? "a list of numbers"
                  : element == DataPart.class
                      ? "a list of folders such as {\"path\": \"my/images\", \"weight\": 0.5}"
                      : "a list of rules such as {\"pattern\": \"head\", \"learningRate\": 10, \"decay\": null}";
    }
    return raw == String.class || type.isEnumType()
        ? "a text"
        : "an object, as in the config.json of a run";
  }

  /** As {@link #plain}, and lists with commas. */
  static String listed(JsonNode value) {
    if (!value.isArray()) {
      return plain(value);
    }
    List<String> texts = new ArrayList<>();
    value.forEach(element -> texts.add(plain(element)));
    return String.join(", ", texts);
  }

  /** 0.0002 rather than 2.0E-4; texts without quotes. */
  static String plain(JsonNode value) {
    if (value.isNumber() && Double.isFinite(value.doubleValue())) {
      return new BigDecimal(value.asText()).stripTrailingZeros().toPlainString();
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
