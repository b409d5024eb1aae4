package org.segtrain.data.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The files of predictions in their folder, which is known by its legend. */
public final class Results {

  /** Folder of masks. */
  public static final String MASKS = "masks";

  /** Folder of photographs under the colours of their classes. */
  public static final String OVERLAYS = "overlays";

  /** Folder of how probable the classes are. */
  public static final String PROBABILITIES = "probabilities";

  /** Folder of regions as polygons. */
  public static final String POLYGONS = "polygons";

  /** The classes of all photographs as run lengths. */
  public static final String COCO = "predictions.json";

  /** The colours, for programs. */
  public static final String LEGEND = "legend.json";

  /** The colours, for people. */
  public static final String LEGEND_PICTURE = "legend.png";

  private static final Set<String> PARTS =
      Set.of(MASKS, OVERLAYS, PROBABILITIES, POLYGONS, LEGEND_PICTURE);

  private Results() {}

  /**
   * Whether {@code path} is part of an earlier prediction: a legend, or {@code masks} or {@code
   * overlays} beside one. Such a file is neither photograph nor label.
   */
  public static boolean isPart(Path path) {
    return PARTS.contains(path.getFileName().toString()) && isLegend(path.resolveSibling(LEGEND));
  }

  /** Whether a file is the legend of predictions. */
  public static boolean isLegend(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      JsonNode entries = new ObjectMapper().readTree(Files.readAllBytes(file));
      return entries.isArray() && entries.path(0).has("label") && entries.path(0).has("colour");
    } catch (IOException e) {
      return false;
    }
  }
}
