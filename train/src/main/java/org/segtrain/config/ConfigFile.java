package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.segtrain.config.internal.Defaults;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;
import org.segtrain.files.Regular;
import org.segtrain.names.Choice;

/**
 * Configurations in JSON: sections of values, all or some of them. The {@code config.json} of a run
 * has them under {@code config}; the flat form of version 0.1 is read too.
 */
public final class ConfigFile {

  private static final String CONFIG = "config";

  /**
   * The meaning of the mean {@code hard} in files from before it was a term: the final scores
   * alone.
   */
  private static final Overlay HARD =
      Overlay.of("")
          .with("loss.terms", "ohem(probability=0.9,kept=100000)")
          .with("loss.auxiliary", "ce")
          .with("loss.mean", "valid");

  private ConfigFile() {}

  /**
   * The values of a file: of a run, or written by hand.
   *
   * @throws DataException if it cannot be read, or holds what is no configuration
   */
  public static Overlay read(Path file) {
    Objects.requireNonNull(file, "file");
    try {
      return overlay("file " + file, unwrapped(parsed(file)));
    } catch (UsageException e) {
      throw new DataException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static JsonNode parsed(Path file) {
    try {
      return Json.parse(Regular.text(file).replaceFirst("^\uFEFF", ""));
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s is not JSON: %s; correct it, or take the config.json of a run as a pattern"
              .formatted(file, Json.reason(e)),
          e);
    } catch (CharacterCodingException e) {
      throw new DataException("%s is no UTF-8 text; save it as UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new DataException(
          "cannot read %s: %s; give a JSON file".formatted(file, IoReason.of(e)), e);
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
      throw new UsageException("this is not JSON: " + Json.reason(e), e);
    }
  }

  /**
   * A whole configuration, such as a checkpoint holds.
   *
   * @throws UsageException if a value is missing or refused
   * @throws JsonProcessingException if it is no JSON
   */
  public static TrainConfig whole(String json) throws JsonProcessingException {
    return whole(Json.parse(json));
  }

  private static TrainConfig whole(JsonNode tree) {
    Overlay before = FlatConfig.is(tree) ? FlatConfig.ADDED_SINCE : Overlay.of("");
    Overlay said = overlay("", tree);
    return Configuration.of(
            List.of(Defaults.BUILT_IN, Defaults.ofMachine(), files(said), before, said))
        .config();
  }

  /** The section of the files of its data set, which older configurations lack. */
  private static Overlay files(Overlay said) {
    return said.text("data.dataset")
        .filter(Choice.names(DatasetVariant.values())::contains)
        .map(name -> DatasetVariant.of(name).fileDefaults())
        .orElse(Overlay.of(""));
  }

  /**
   * The configuration that a run's {@code config.json} has.
   *
   * @throws DataException if it cannot be read
   */
  public static TrainConfig ofRun(Path file) {
    try {
      return whole(unwrapped(parsed(file)));
    } catch (UsageException e) {
      throw new DataException(
          "%s is not the configuration of a run that this version reads (%s); take another run"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** The configuration alone, without the names of the classes that a run writes beside it. */
  private static JsonNode unwrapped(JsonNode tree) {
    if (!tree.path(CONFIG).isObject()) {
      return tree;
    }
    tree.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(CONFIG) && !name.equals("classes")) {
                throw new UsageException(
                    "%s stands beside config and would be lost; put it into config"
                        .formatted(name));
              }
            });
    return tree.get(CONFIG);
  }

  /** The values in {@code tree}, sections or flat. */
  static Overlay overlay(String origin, JsonNode tree) {
    if (!tree.isObject()) {
      throw new UsageException(
          "a configuration is an object of sections such as {\"schedule\": {\"batch\": 4}}, not %s"
              .formatted(kind(tree)));
    }
    Overlay overlay = Overlay.of(origin);
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      overlay = overlay.with(part(entry.getKey(), entry.getValue()));
    }
    return isFromBeforeScale(overlay)
        ? overlay.with("data.scale", "").with("evaluation.size", "")
        : overlay;
  }

  /** Whether it is of a run from before crop and scale were two values. */
  private static boolean isFromBeforeScale(Overlay overlay) {
    return overlay.has("data.crop") && overlay.has("run.seed") && !overlay.has("data.scale");
  }

  private static String kind(JsonNode tree) {
    return tree.isMissingNode()
        ? "an empty text"
        : "a value of type " + tree.getNodeType().toString().toLowerCase(Locale.ROOT);
  }

  private static Overlay said(Overlay part, String key, JsonNode value) {
    return key.equals("loss.mean") && value.asText().equals("hard")
        ? part.with(HARD)
        : part.with(key, value);
  }

  private static Overlay part(String name, JsonNode value) {
    Overlay part = Overlay.of("");
    if (value.isObject() && Keys.isSection(name)) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        part = said(part, name + "." + entry.getKey(), entry.getValue());
      }
      return part;
    }
    if (!Keys.isSection(name) || FlatConfig.has(name)) {
      return said(part, FlatConfig.key(name), value);
    } else if (value.isNull()) {
      return part; // version 0.1 wrote null for what is not given
    }
    throw new UsageException("%s must be a section of values, but is %s".formatted(name, value));
  }
}
