package org.segtrain.recipes;

import java.util.Locale;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.heads.HeadVariant;
import org.segtrain.names.Choice;

/**
 * The published ADE20K trainings, by name. A row is a training: the model, its authors' protocol,
 * the rate of stochastic depth, and their mIoU on the validation images at a single scale.
 */
public enum Recipe {
  PVT_TINY_FPN_ADE20K(
      BackboneVariant.PVT_TINY, HeadVariant.FPN, Protocol.PVT, 0.1f, "36.6", "paper 35.7"),
  PVT_SMALL_FPN_ADE20K(
      BackboneVariant.PVT_SMALL, HeadVariant.FPN, Protocol.PVT, 0.1f, "41.9", "paper 39.8"),
  PVT_MEDIUM_FPN_ADE20K(
      BackboneVariant.PVT_MEDIUM, HeadVariant.FPN, Protocol.PVT, 0.1f, "43.5", "paper 41.6"),
  PVT_LARGE_FPN_ADE20K(
      BackboneVariant.PVT_LARGE, HeadVariant.FPN, Protocol.PVT, 0.1f, "43.5", "paper 42.1"),
  MPVIT_SMALL_UPERNET_ADE20K(
      BackboneVariant.MPVIT_SMALL, HeadVariant.UPERNET, Protocol.MPVIT, 0.2f, "48.3", ""),
  MPVIT_BASE_UPERNET_ADE20K(
      BackboneVariant.MPVIT_BASE, HeadVariant.UPERNET, Protocol.MPVIT, 0.4f, "50.3", ""),
  HRVIT_B1_SEGFORMER_ADE20K(
      BackboneVariant.HRVIT_B1, HeadVariant.SEGFORMER, Protocol.HRVIT, 0.1f, "45.88", ""),
  HRVIT_B2_SEGFORMER_ADE20K(
      BackboneVariant.HRVIT_B2, HeadVariant.SEGFORMER, Protocol.HRVIT, 0.2f, "48.76", ""),
  HRVIT_B3_SEGFORMER_ADE20K(
      BackboneVariant.HRVIT_B3, HeadVariant.SEGFORMER_768, Protocol.HRVIT_EVEN, 0.3f, "50.20", ""),
  HRVIT_B1_UPERNET_ADE20K(
      BackboneVariant.HRVIT_B1, HeadVariant.UPERNET, Protocol.HRVIT, 0.1f, "47.19", ""),
  HRVIT_B2_UPERNET_ADE20K(
      BackboneVariant.HRVIT_B2, HeadVariant.UPERNET, Protocol.HRVIT, 0.2f, "49.10", ""),
  HRVIT_B3_UPERNET_ADE20K(
      BackboneVariant.HRVIT_B3,
      HeadVariant.UPERNET,
      Protocol.HRVIT,
      0.1f,
      "50.04",
      "from a configuration that names b1"),
  HRFORMER_SMALL_OCR_ADE20K(
      BackboneVariant.HRFORMER_SMALL,
      HeadVariant.OCR,
      Protocol.HRFORMER,
      0.2f,
      "44.0",
      "45.1 with --scales 0.75,1,1.25 --flip"),
  HRFORMER_BASE_OCR_ADE20K(
      BackboneVariant.HRFORMER_BASE,
      HeadVariant.OCR,
      Protocol.HRFORMER,
      0.2f,
      "46.3",
      "47.6 with --scales 0.75,1,1.25 --flip"),
  HRFORMER_BASE_W13_OCR_ADE20K(
      BackboneVariant.HRFORMER_BASE_W13,
      HeadVariant.OCR,
      Protocol.HRFORMER,
      0.2f,
      "48.7",
      "50.0 with --scales 0.75,1,1.25 --flip; windows of 13");

  private static final int EVALUATIONS = 10; // of a run

  private final BackboneVariant backbone;
  private final HeadVariant head;
  private final Protocol protocol;
  private final float dropPath;
  private final String meanIou;
  private final String remark;

  Recipe(
      BackboneVariant backbone,
      HeadVariant head,
      Protocol protocol,
      float dropPath,
      String meanIou,
      String remark) {
    this.backbone = backbone;
    this.head = head;
    this.protocol = protocol;
    this.dropPath = dropPath;
    this.meanIou = meanIou;
    this.remark = remark;
  }

  /** As it was published, with the images of one device in each forward pass. */
  public TrainConfig config() {
    return Settings.of(this).resolve().config();
  }

  /**
   * Its values with {@code batch} images in each forward pass of a process; {@link Accumulation}
   * makes a published step of them.
   */
  Overlay values(int batch, int processes) {
    return protocol
        .values()
        .from("recipe " + this)
        .with("model.backbone", backbone.toString())
        .with("model.head", head.toString())
        .with("model.oneLogit", false)
        .with("model.dropPath", dropPath)
        .with("model.dropout", head.dropout())
        .with("schedule.batch", batch)
        .with(
            "schedule.accumulate",
            new Accumulation(protocol.stepImages(), batch, processes).passes())
        .with("schedule.evalEvery", iterations() / EVALUATIONS);
  }

  private int iterations() {
    return Integer.parseInt(protocol.values().text("schedule.iterations").orElseThrow());
  }

  /** The backbone. */
  public BackboneVariant backbone() {
    return backbone;
  }

  /** The head. */
  public HeadVariant head() {
    return head;
  }

  /** The protocol that it shares with the family's other trainings. */
  public Protocol protocol() {
    return protocol;
  }

  /** The published mIoU, percent, at a single scale; with the decimals of its source. */
  public String meanIou() {
    return meanIou;
  }

  /** A remark on it; may be empty. */
  public String remark() {
    return remark;
  }

  /** The name at every border, {@code pvt_tiny_fpn_ade20k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The recipe of that name.
   *
   * @throws org.segtrain.errors.UsageException if there is none, naming the known ones
   */
  public static Recipe of(String name) {
    return Choice.of("recipe", values(), name);
  }
}
