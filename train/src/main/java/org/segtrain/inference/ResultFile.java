package org.segtrain.inference;

import java.nio.file.Path;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.internal.Results;
import org.segtrain.inference.internal.GeoJson;

/** A file that predictions have of each photograph. */
enum ResultFile {
  MASK(Results.MASKS, ".png"),
  OVERLAY(Results.OVERLAYS, ".png"),
  PROBABILITIES(Results.PROBABILITIES, ".png"),
  POLYGONS(Results.POLYGONS, ".geojson");

  private final String folder;
  private final String ending;

  ResultFile(String folder, String ending) {
    this.folder = folder;
    this.ending = ending;
  }

  /** That of a photograph called {@code name} among the results in {@code out}. */
  Path in(Path out, String name) {
    return out.resolve(folder).resolve(name + ending);
  }

  /** Whether {@code file} is one that segtrain wrote. */
  boolean isOwn(Path file) {
    return this == POLYGONS ? GeoJson.isOwn(file) : ImageFiles.isOwn(file);
  }
}
