package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;

/**
 * Configurations in JSON: sections of values, all or some of them. The {@code config.json} of a run
 * has them under {@code config}; the flat form of version 0.1 is read too.
 */
public final class ConfigFile {

  private static final String CONFIG = "config";

  private ConfigFile() {}

  /**
   * The values of a file: of a run, or written by hand.
   *
   * @throws DataException if it cannot be read, or holds what is no configuration
   */
  public static Overlay read(Path file) {
    try {
      return overlay("file " + file, unwrapped(Json.parse(Files.readString(file))));
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s is not JSON: %s; mend it, or take the config.json of a run as a pattern"
              .formatted(file, firstLine(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new DataException(
          "cannot read %s: %s; give a JSON file".formatted(file, IoReason.of(e)), e);
    } catch (UsageException e) {
      throw new DataException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Values in JSON, such as {@code {"schedule": {"batch": 4}}}.
   *
   * @throws UsageException if it is no JSON, or holds what is no configuration
   */
  public static Overlay parse(String origin, String json) {
    try {
      return overlay(origin, Json.parse(json));
    } catch (JsonProcessingException e) {
      throw new UsageException("no JSON: %s".formatted(firstLine(e.getOriginalMessage())), e);
    }
  }

  /**
   * A whole configuration, such as a checkpoint holds.
   *
   * @throws UsageException if a value is missing or refused
   * @throws JsonProcessingException if it is no JSON
   */
  public static TrainConfig whole(String json) throws JsonProcessingException {
    JsonNode tree = Json.parse(json);
    Overlay before = FlatConfig.is(tree) ? FlatConfig.ADDED_SINCE : Overlay.of("");
    return Configuration.of(
            List.of(Defaults.BUILT_IN, Defaults.ofMachine(), before, overlay("", tree)))
        .config();
  }

  /**
   * The configuration and the names of the classes that a run's {@code config.json} has.
   *
   * @throws DataException if it cannot be read
   */
  public static TrainConfig ofRun(Path file) {
    try {
      return whole(unwrapped(Json.parse(Files.readString(file))).toString());
    } catch (IOException | UsageException e) {
      throw new DataException(
          "%s is not the configuration of a run that this version reads (%s); resume another"
              .formatted(file, firstLine(e.getMessage())),
          e);
    }
  }

  /** The configuration alone, of what a run writes. */
  private static JsonNode unwrapped(JsonNode tree) {
    return tree.path(CONFIG).isObject() ? tree.get(CONFIG) : tree;
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElse("");
  }

  /** The values in {@code tree}, sections or flat. */
  static Overlay overlay(String origin, JsonNode tree) {
    if (!tree.isObject()) {
      throw new UsageException(
          "a configuration is an object of sections such as {\"schedule\": {\"batch\": 4}}, not %s"
              .formatted(tree.getNodeType().toString().toLowerCase(Locale.ROOT)));
    }
    Overlay overlay = Overlay.of(origin);
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      overlay = overlay.with(part(entry.getKey(), entry.getValue()));
    }
    return overlay;
  }

  private static Overlay part(String name, JsonNode value) {
    Overlay part = Overlay.of("");
    if (value.isObject() && Keys.isSection(name)) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        part = part.with(name + "." + entry.getKey(), entry.getValue());
      }
      return part;
    }
    if (!Keys.isSection(name) || FlatConfig.has(name)) {
      return part.with(FlatConfig.key(name), value);
    } else if (value.isNull()) {
      return part;
    }
    throw new UsageException("%s must be a section of values, but is %s".formatted(name, value));
  }
}
