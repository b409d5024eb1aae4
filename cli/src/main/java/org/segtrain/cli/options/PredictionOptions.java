package org.segtrain.cli.options;

import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.segtrain.data.Confidences;
import org.segtrain.inference.PredictionForms;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.inference.PredictionForms.Polygons;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The files of predictions. */
@Command(optionListHeading = "%nOutput:%n")
public final class PredictionOptions {

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "FORMAT",
      completionCandidates = NameLists.MaskFormats.class,
      description =
          "Write masks as png (palette, to DIR/masks), coco-rle (run lengths, to"
              + " DIR/predictions.json), or both (png).")
  private List<String> formats;

  @Option(
      names = "--probabilities",
      arity = "0..1",
      preprocessor = OptionalDepth.class,
      paramLabel = "8|16",
      completionCandidates = NameLists.ProbabilityDepths.class,
      description =
          "Write the probability p of each pixel's class to DIR/probabilities: grey PNG of 8"
              + " bits, round(255 p), or of 16, round(65535 p) (off; without a number 8).")
  private String depth;

  @Option(
      names = "--polygons",
      description =
          "Write regions to DIR/polygons: GeoJSON in pixels, with class, colour and area, as QuPath"
              + " reads it.")
  private boolean polygons;

  @Option(
      names = "--simplify",
      paramLabel = "PIXELS",
      description = "How far outlines of --polygons may move; 0 for the edges of pixels (1).")
  private Double simplify;

  @Option(
      names = "--min-area",
      paramLabel = "PIXELS",
      description = "Leave smaller regions out of --polygons (1).")
  private Integer smallest;

  @Option(
      names = "--captions",
      negatable = true,
      description =
          "Write the name above each overlay and its classes below; without captions, overlays"
              + " have the size of the image (captions).")
  private Boolean captions;

  /** Takes a number that follows, but no image. */
  static final class OptionalDepth implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> facts) {
      boolean isAttached = "=".equals(facts.get("separator"));
      boolean isNumber = !words.isEmpty() && words.peek().matches("8|16");
      if (!isAttached && !isNumber) {
        words.push(Confidences.Depth.EIGHT.toString());
      }
      return false;
    }
  }

  /**
   * What was asked for.
   *
   * @throws org.segtrain.errors.UsageException if a name is not known, a number is wrong, or an
   *     option has no effect
   */
  public PredictionForms forms() {
    PredictionForms forms = PredictionForms.USUAL;
    if (formats != null) {
      forms = forms.withFormats(formats.stream().map(MaskFormat::of).toList());
    }
    if (depth != null) {
      forms = forms.withProbabilities(Confidences.Depth.of(depth));
    }
    Idle.refuse("--simplify", simplify, "--polygons", () -> polygons);
    Idle.refuse("--min-area", smallest, "--polygons", () -> polygons);
    if (polygons) {
      Polygons usual = Polygons.USUAL;
      forms =
          forms.withPolygons(
              new Polygons(
                  simplify == null ? usual.simplify() : simplify,
                  smallest == null ? usual.smallest() : smallest));
    }
    return captions == null ? forms : forms.withCaptions(captions);
  }
}
