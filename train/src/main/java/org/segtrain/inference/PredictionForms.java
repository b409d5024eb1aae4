package org.segtrain.inference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.segtrain.data.Confidences;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;

/**
 * The files of each photograph, beside its overlay.
 *
 * @param formats of the classes of its pixels
 * @param probabilities how finely those of the chosen classes are written, if they are
 * @param polygons of its regions, if they are written
 * @param captions whether overlays have the name of the photograph above and the classes that occur
 *     below; they are without where Java finds no font
 */
public record PredictionForms(
    Set<MaskFormat> formats,
    Optional<Confidences.Depth> probabilities,
    Optional<Polygons> polygons,
    boolean captions) {

  /** Masks, and overlays with captions. */
  public static final PredictionForms USUAL =
      new PredictionForms(Set.of(MaskFormat.PNG), Optional.empty(), Optional.empty(), true);

  /** How the classes of pixels are written. */
  public enum MaskFormat {
    /** A palette image for each photograph, whose values are class numbers. */
    PNG,
    /** Run lengths of each class in one file for all photographs, as COCO has them. */
    COCO_RLE;

    /** The name at every border, {@code coco-rle}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The format of that name.
     *
     * @throws UsageException if there is none, naming the known ones
     */
    public static MaskFormat of(String name) {
      return Choice.of("format", values(), name);
    }
  }

  /**
   * How regions become polygons.
   *
   * @param simplify pixels by which their outlines may move, so that they have fewer corners; 0 for
   *     the edges of pixels as they are
   * @param smallest pixels that a region has at least
   */
  public record Polygons(double simplify, int smallest) {

    private static final int FARTHEST = 1000;

    /** Outlines that move by one pixel at most, of all regions. */
    public static final Polygons USUAL = new Polygons(1, 1);

    public Polygons {
      if (!(simplify >= 0 && simplify <= FARTHEST)) {
        throw new UsageException(
            "simplify must be from 0 to %d, but is %s".formatted(FARTHEST, simplify));
      }
      if (smallest < 1) {
        throw new UsageException("min-area must be at least 1 pixel, but is " + smallest);
      }
    }
  }

  public PredictionForms {
    if (formats.isEmpty()) {
      throw new UsageException("there is no format of masks; name one");
    }
    formats = Set.copyOf(formats);
  }

  /** The same with masks of other formats. */
  public PredictionForms withFormats(Collection<MaskFormat> others) {
    return new PredictionForms(EnumSet.copyOf(others), probabilities, polygons, captions);
  }

  /** The same with probabilities. */
  public PredictionForms withProbabilities(Confidences.Depth depth) {
    return new PredictionForms(formats, Optional.of(depth), polygons, captions);
  }

  /** The same with polygons. */
  public PredictionForms withPolygons(Polygons rules) {
    return new PredictionForms(formats, probabilities, Optional.of(rules), captions);
  }

  /** The same with captions, or without. */
  public PredictionForms withCaptions(boolean shown) {
    return new PredictionForms(formats, probabilities, polygons, shown);
  }

  /** The files of each photograph. */
  List<ResultFile> files() {
    List<ResultFile> files = new ArrayList<>();
    if (formats.contains(MaskFormat.PNG)) {
      files.add(ResultFile.MASK);
    }
    files.add(ResultFile.OVERLAY);
    probabilities.ifPresent(depth -> files.add(ResultFile.PROBABILITIES));
    polygons.ifPresent(rules -> files.add(ResultFile.POLYGONS));
    return files;
  }
}
