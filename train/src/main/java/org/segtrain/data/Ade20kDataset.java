package org.segtrain.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segtrain.errors.DataException;

/**
 * ADE20K as its scene parsing benchmark publishes it: 150 classes, in masks 1-150 and 0 for void.
 */
public final class Ade20kDataset {

  private static final String FOLDER = "ADEChallengeData2016";

  private Ade20kDataset() {}

  /**
   * Lists the files of {@code dir}, which is the folder ADEChallengeData2016 or the one it lies in.
   *
   * @throws DataException if it is neither, or an image or mask is missing
   */
  public static Dataset open(Path dir) {
    List<String> classes = readClasses();
    LabelRule rule = LabelRule.fromOne(classes.size());
    return new LabelledImages("ade20k", classes, rule, locate(dir));
  }

  private static Path locate(Path dir) {
    List<Path> places = List.of(dir.resolve(FOLDER), dir);
    for (Path place : places) {
      if (Files.isDirectory(place.resolve("images"))) {
        return place;
      }
    }
    throw new DataException(
        ("ADE20K was looked for in %s and %s and is in neither; get ADEChallengeData2016.zip from"
                + " the ADE20K scene parsing benchmark (sceneparsing.csail.mit.edu), unpack it, and"
                + " give the folder it is in")
            .formatted(places.get(0).resolve("images"), places.get(1).resolve("images")));
  }

  /** The names of its classes, which come with this build. */
  public static List<String> readClasses() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Ade20kDataset.class.getResourceAsStream("ade20k-classes.txt"),
                StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
