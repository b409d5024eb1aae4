package org.segtrain.cli.options;

import org.segtrain.augment.MoreAugmentation;
import org.segtrain.config.Overlay;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is done to training images at random. */
@Command(
    optionListHeading =
        "%nAugmentation of training images; defaults depend on the recipe or data set:%n")
public final class AugmentationOptions {

  @Option(
      names = "--crop",
      paramLabel = "PIXELS|HxW",
      description = "Size of the training crops, or height and width (${bundle:data.crop}).")
  private String crop;

  @Option(
      names = "--scale",
      paramLabel = "LONGxSHORT",
      description =
          "Edges that images are resized to before the random scale, with their aspect ratio, as"
              + " MMSegmentation's scale (short edge of --crop, and four times that).")
  private String scale;

  @Option(
      names = "--min-scale",
      paramLabel = "FACTOR",
      description = "Smallest random scale of training images (${bundle:data.minScale}).")
  private Double minScale;

  @Option(
      names = "--max-scale",
      paramLabel = "FACTOR",
      description = "Largest random scale of training images (${bundle:data.maxScale}).")
  private Double maxScale;

  @Option(
      names = "--photometric",
      negatable = true,
      description = "Change the colours of training images at random (${bundle:data.photometric}).")
  private Boolean photometric;

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|openseg|hrformer",
      completionCandidates = NameLists.Images.class,
      description =
          "How photographs are prepared: aligned (as in MMSegmentation, edges in evaluation rounded up"
              + " to multiples of 32), exact (not rounded), openseg (as in HRFormer) or hrformer (nearly so, as in"
              + " version 0.1)"
              + " (${bundle:data.images}).")
  private String images;

  @Option(
      names = "--rotation",
      paramLabel = "DEGREES",
      description =
          "Turn images by at most this to either side, 0-180; what comes from outside is void"
              + " (${bundle:augmentation.rotation}).")
  private Double rotation;

  @Option(
      names = "--brightness",
      paramLabel = "AMOUNT",
      description =
          "With --no-photometric, add at most this to colours or take it away, 0-255; --photometric"
              + " has 32 (${bundle:augmentation.brightness}).")
  private Double brightness;

  @Option(
      names = "--contrast",
      paramLabel = "FRACTION",
      description =
          "Likewise multiply colours by 1 plus or minus at most this, 0-1; --photometric has 0.5"
              + " (${bundle:augmentation.contrast}).")
  private Double contrast;

  @Option(
      names = "--saturation",
      paramLabel = "FRACTION",
      description =
          "Likewise multiply saturation, 0-1; --photometric has 0.5"
              + " (${bundle:augmentation.saturation}).")
  private Double saturation;

  @Option(
      names = "--hue",
      paramLabel = "N",
      description =
          "Likewise turn the hue by at most N times two degrees, 0-90; --photometric has 18"
              + " (${bundle:augmentation.hue}).")
  private Integer hue;

  @Option(
      names = "--blur",
      paramLabel = "PROBABILITY",
      description = "Blur images with this probability, 0-1 (${bundle:augmentation.blur}).")
  private Double blur;

  @Option(
      names = "--blur-sigma",
      paramLabel = "PIXELS",
      description =
          "With --blur, the largest standard deviation of the Gaussian, 0.1-100; the smallest is 0.1"
              + " (${bundle:augmentation.blurSigma}).")
  private Double blurSigma;

  @Option(
      names = "--erasing",
      paramLabel = "PROBABILITY",
      description =
          "Fill a rectangle of the crop with noise with this probability, 0-1; its labels stay"
              + " (${bundle:augmentation.erasing}).")
  private Double erasing;

  @Option(
      names = "--erasing-area",
      paramLabel = "SHARE",
      description =
          "With --erasing, the largest share of the crop that is erased, 0.02-1; the smallest is 0.02"
              + " (${bundle:augmentation.erasingArea}).")
  private Double erasingArea;

  /**
   * Does nothing if what was given has an effect.
   *
   * @param more what all that was given comes to
   * @throws UsageException if a strength is given of what never happens
   */
  public void refuseIdle(MoreAugmentation more) {
    refuseIdle("--blur-sigma", blurSigma, "--blur", more.blur());
    refuseIdle("--erasing-area", erasingArea, "--erasing", more.erasing());
  }

  private static void refuseIdle(String name, Double given, String cause, double probability) {
    if (given != null && probability == 0) {
      throw new UsageException(
          "%s is given, but %s is 0, so it would have no effect; give %s too"
              .formatted(name, cause, cause));
    }
  }

  /** What was given. */
  public Overlay overlay() {
    return new GivenValues()
        .set("data.crop", crop)
        .set("data.scale", scale)
        .set("data.minScale", minScale)
        .set("data.maxScale", maxScale)
        .set("data.photometric", photometric)
        .set("data.images", images)
        .set("augmentation.rotation", rotation)
        .set("augmentation.brightness", brightness)
        .set("augmentation.contrast", contrast)
        .set("augmentation.saturation", saturation)
        .set("augmentation.hue", hue)
        .set("augmentation.blur", blur)
        .set("augmentation.blurSigma", blurSigma)
        .set("augmentation.erasing", erasing)
        .set("augmentation.erasingArea", erasingArea)
        .overlay();
  }
}
