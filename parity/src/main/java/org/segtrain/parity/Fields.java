package org.segtrain.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.segtrain.errors.DataException;

/**
 * The fields of one JSON object of a file of the reference, read strictly. A field that is missing,
 * of another kind or left unread is an error, since a number without a comparison proves nothing.
 */
final class Fields {

  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final String place; // in the file, for messages
  private final JsonNode object;
  private final Set<String> unread = new LinkedHashSet<>();
  private final Set<String> missing; // sections of the whole file

  private Fields(String place, JsonNode object, Set<String> missing) {
    this.place = place;
    this.object = object;
    this.missing = missing;
    if (!object.isObject()) {
      throw new DataException(place + " is not a JSON object; use an unchanged file");
    }
    object.fieldNames().forEachRemaining(unread::add);
  }

  /** Reads the object that the file holds. */
  static <T> T read(Path file, Function<Fields, T> reader) {
    try {
      String name = String.valueOf(file.getFileName()); // the root has none
      return new Fields(name, STRICT.readTree(file.toFile()), new LinkedHashSet<>()).readBy(reader);
    } catch (JsonProcessingException e) {
      throw new DataException("%s is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private <T> T readBy(Function<Fields, T> reader) {
    T read = reader.apply(this);
    if (!unread.isEmpty()) {
      throw new DataException(
          "%s has fields that this build does not understand: %s; use a newer build"
              .formatted(place, String.join(", ", unread)));
    }
    return read;
  }

  boolean has(String name) {
    return object.has(name);
  }

  /** Whether it has one of the fields. */
  boolean hasAny(List<String> names) {
    return names.stream().anyMatch(object::has);
  }

  /**
   * Whether there is a section, which is if one of its fields is. Takes note of one that is not.
   *
   * @param section its name in reports
   */
  boolean hasSection(String section, String... fields) {
    boolean isThere = hasAny(List.of(fields));
    if (!isThere) {
      missing.add(section);
    }
    return isThere;
  }

  /** The sections that were looked for in the whole file and are not there. */
  List<String> missing() {
    return List.copyOf(missing);
  }

  /** The refusal of a section that is there, but empty. */
  static DataException nothingIn(String section) {
    return new DataException(
        "section \"%s\" of the file has nothing to compare; use an unchanged file"
            .formatted(section));
  }

  /** Where these fields stand. */
  String place() {
    return place;
  }

  /** Takes note of a field that says nothing about the model's numbers. */
  void ignore(String name) {
    unread.remove(name);
  }

  String text(String name) {
    JsonNode node = get(name);
    return check(node.isTextual(), name, "a text", node.textValue());
  }

  double number(String name) {
    JsonNode node = get(name);
    return check(node.isNumber(), name, "a number", node.doubleValue());
  }

  /** NaN if the field is null. */
  double numberOrNull(String name) {
    return get(name).isNull() ? Double.NaN : number(name);
  }

  boolean flag(String name) {
    JsonNode node = get(name);
    return check(node.isBoolean(), name, "true or false", node.booleanValue());
  }

  List<Double> numbers(String name) {
    return elements(name).stream()
        .map(node -> check(node.isNumber(), name, "a list of numbers", node.doubleValue()))
        .toList();
  }

  List<String> texts(String name) {
    return elements(name).stream()
        .map(node -> check(node.isTextual(), name, "a list of texts", node.textValue()))
        .toList();
  }

  <T> T object(String name, Function<Fields, T> reader) {
    return new Fields(place + ", " + name, get(name), missing).readBy(reader);
  }

  <T> List<T> objects(String name, Function<Fields, T> reader) {
    List<T> read = new ArrayList<>();
    for (JsonNode node : elements(name)) {
      String element = "%s, %s %d".formatted(place, name, read.size());
      read.add(new Fields(element, node, missing).readBy(reader));
    }
    return read;
  }

  /** The values of an object whose fields are not known beforehand, each read by its name. */
  <T> Map<String, T> map(String name, FieldReader<T> reader) {
    return object(
        name,
        fields -> {
          Map<String, T> read = new LinkedHashMap<>();
          List.copyOf(fields.unread).forEach(key -> read.put(key, reader.read(fields, key)));
          return read;
        });
  }

  /**
   * The arrays of a section by their names; none if the section is not there.
   *
   * @param section its name in reports
   */
  Map<String, GoldenArray> arrays(String section, String name) {
    return hasSection(section, name) ? map(name, GoldenArray::of) : Map.of();
  }

  private List<JsonNode> elements(String name) {
    JsonNode node = get(name);
    List<JsonNode> elements = new ArrayList<>();
    check(node.isArray(), name, "a list", node).forEach(elements::add);
    return elements;
  }

  private JsonNode get(String name) {
    if (!object.has(name)) {
      throw new DataException("%s lacks the field %s".formatted(place, name));
    }
    unread.remove(name);
    return object.get(name);
  }

  private <T> T check(boolean fits, String name, String kind, T value) {
    if (!fits) {
      throw new DataException("%s, %s is not %s".formatted(place, name, kind));
    }
    return value;
  }

  /** Reads the field of a name. */
  interface FieldReader<T> {
    T read(Fields fields, String name);
  }
}
