package org.segtrain.cli.options;

import org.segtrain.config.Overlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What training samples look like, without the rest of a training. */
@Command(optionListHeading = "%nAugmentation; defaults depend on the data set:%n")
public final class SampleOptions {

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Side of the training crops (${bundle:data.crop}).")
  private Integer crop;

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
      paramLabel = "aligned|exact|hrformer",
      completionCandidates = NameLists.Images.class,
      description = "How photographs are prepared (${bundle:data.images}).")
  private String images;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of order and augmentation (${bundle:run.seed}).")
  private Long seed;

  /**
   * What was given.
   *
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  public Overlay overlay() {
    return new GivenValues()
        .set("data.crop", crop)
        .set("data.minScale", minScale)
        .set("data.maxScale", maxScale)
        .set("data.photometric", photometric)
        .set("data.images", images)
        .set("run.seed", seed)
        .overlay();
  }
}
