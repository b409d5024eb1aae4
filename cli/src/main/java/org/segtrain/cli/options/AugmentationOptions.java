package org.segtrain.cli.options;

import org.segtrain.augment.ImageRules;
import org.segtrain.augment.MoreAugmentation;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Random changes of training images. */
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
          "Edges that images are resized to before the random scale, keeping their aspect ratio,"
              + " as MMSegmentation's scale (short edge of --crop, and four times that).")
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
          "Turn images by at most this to either side, 0-180; pixels from outside are void"
              + " (${bundle:augmentation.rotation}).")
  private Double rotation;

  @Option(
      names = "--brightness",
      paramLabel = "AMOUNT",
      description =
          "With --no-photometric, add at most this to colours or subtract it, 0-255;"
              + " --photometric uses 32 (${bundle:augmentation.brightness}).")
  private Double brightness;

  @Option(
      names = "--contrast",
      paramLabel = "FRACTION",
      description =
          "Likewise multiply colours by 1 plus or minus at most this, 0-1; --photometric uses"
              + " 0.5 (${bundle:augmentation.contrast}).")
  private Double contrast;

  @Option(
      names = "--saturation",
      paramLabel = "FRACTION",
      description =
          "Likewise multiply saturation, 0-1; --photometric uses 0.5"
              + " (${bundle:augmentation.saturation}).")
  private Double saturation;

  @Option(
      names = "--hue",
      paramLabel = "N",
      description =
          "Likewise turn the hue by at most N times two degrees, 0-90; --photometric uses 18"
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
   * Refuses what has no effect on a run.
   *
   * @throws org.segtrain.errors.UsageException naming the option, and the one that it needs
   */
  public void refuseIdle(TrainConfig config) {
    MoreAugmentation more = config.augmentation();
    ImageRules rules = config.data().images();
    Idle.refuse("--scale", scale, "--images aligned or exact", () -> !rules.isOfHrformer());
    Idle.refuse("--blur-sigma", blurSigma, "--blur", () -> more.blur() > 0);
    Idle.refuse("--erasing-area", erasingArea, "--erasing", () -> more.erasing() > 0);
  }

  /** The given values. */
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
