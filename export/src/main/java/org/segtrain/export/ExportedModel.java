package org.segtrain.export;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Confidences;
import org.segtrain.data.Dataset;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.segtrain.inference.Shard;
import org.segtrain.inference.internal.SameClasses;
import org.segtrain.inference.internal.ScoringNetwork;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.metrics.Evaluation;

/**
 * An exported file in use: its program runs as elsewhere, and photographs are prepared and class
 * maps resized by the rules of a checkpoint. One thread at a time may use it.
 */
public final class ExportedModel implements ModelInUse {

  private static final String PRECISION = "run.precision";

  private final Path file;
  private final ExportFormat format;
  private final ModelCard card;
  private final TrainConfig config;
  private final NDManager manager;
  private final Segmenter segmenter;

  private ExportedModel(
      Path file,
      ExportFormat format,
      ModelCard card,
      TrainConfig config,
      NDManager manager,
      Segmenter segmenter) {
    this.file = file;
    this.format = format;
    this.card = card;
    this.config = config;
    this.manager = manager;
    this.segmenter = segmenter;
  }

  /**
   * Whether {@code place} is a file whose name ends as an exported one does, or a folder that DJL
   * loads. Its content may still be something else.
   */
  public static boolean isAt(Path place) {
    return ExportFormat.at(place).isPresent();
  }

  /**
   * Loads a file, or the one in a folder for DJL.
   *
   * @param instead values of its configuration that decide how photographs are prepared, such as
   *     {@code evaluation.size}
   * @throws DataException if it is broken, or segtrain did not export it
   * @throws UsageException if the file cannot be used so
   */
  public static ExportedModel load(Path place, Resources resources, Overlay instead) {
    Objects.requireNonNull(instead, "instead");
    ExportFormat format = ExportFormat.at(place).orElseGet(() -> ExportFormat.ofEnding(place));
    Path file = format == ExportFormat.DJL ? DjlFolder.program(place) : place;
    Program program = format.load(file, resources);
    NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch");
    try {
      ModelCard card = card(file, program);
      TrainConfig config = used(file, card, instead);
      ExportedNetwork network = new ExportedNetwork(file, program, card);
      network.warmUp(manager);
      Segmenter segmenter = new Segmenter(manager, network, config);
      return new ExportedModel(file, format, card, config, manager, segmenter);
    } catch (RuntimeException | Error e) {
      manager.close();
      program.close();
      throw e;
    }
  }

  /**
   * The program of a file alone, for measurements, which prepare no photographs.
   *
   * @throws DataException if it is broken, or segtrain did not export it
   */
  public static ScoringNetwork network(Path place, NDManager manager, Resources resources) {
    ExportFormat format = ExportFormat.at(place).orElseGet(() -> ExportFormat.ofEnding(place));
    Path file = format == ExportFormat.DJL ? DjlFolder.program(place) : place;
    Program program = format.load(file, resources);
    try {
      ExportedNetwork network = new ExportedNetwork(file, program, card(file, program));
      network.warmUp(manager);
      return network;
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /**
   * The description inside the file, else the one beside it, for a file that another program
   * rewrote.
   */
  private static ModelCard card(Path file, Program program) {
    Optional<String> inside = program.card();
    if (inside.isPresent()) {
      return ModelCard.of(file, inside.get());
    }
    Path beside = file.resolveSibling(ModelCard.NAME);
    if (!Files.exists(beside)) {
      throw new DataException(
          "%s has no %s in it or beside it, so its classes and sizes are not known; export it with segtrain export, or put the %s of its export beside it"
              .formatted(file, ModelCard.NAME, ModelCard.NAME));
    }
    try {
      return ModelCard.of(file, Files.readString(beside));
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(beside, IoReason.of(e)), e);
    }
  }

  private static TrainConfig used(Path file, ModelCard card, Overlay instead) {
    String precision = card.model().precision().toString();
    boolean isExact = card.model().precision() == Precision.FP32; // which TF32 may compute
    Optional<String> asked =
        instead
            .text(PRECISION)
            .filter(other -> !other.equals(precision))
            .filter(other -> !(isExact && other.equals(Precision.TF32.toString())));
    if (asked.isPresent()) {
      throw new UsageException(
          "run.precision is %s, but %s always computes in %s; export it in %s"
              .formatted(
                  asked.get(),
                  file,
                  precision,
                  asked.get().equals(Precision.TF32.toString()) ? Precision.FP32 : asked.get()));
    }
    if (card.classes().size() > Sample.VOID) {
      throw new DataException(
          "%s tells %d classes apart, but masks hold at most %d; use it in another program"
              .formatted(file, card.classes().size(), Sample.VOID));
    }
    TrainConfig config = CardConfig.of(file, card).with(instead);
    if (card.givesClasses()
        && (config.views().size() > 1 || config.evaluation().sliding().isPresent())) {
      throw new UsageException(
          "%s gives classes, and there are no scores to average over evaluation.scales, evaluation.flip or evaluation.window; leave them out, or export with output %s"
              .formatted(file, OutputForm.LOGITS));
    }
    return config;
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public List<String> origin() {
    ModelCard.Model model = card.model();
    return List.of(
        "%s, %s in %s: %s with %s, %s"
            .formatted(
                file, format, model.arithmetic(), model.backbone(), model.head(), model.origin()),
        "%s -> %s".formatted(card.input().type(), outputs()));
  }

  private String outputs() {
    return String.join(", ", card.outputs().stream().map(Port::name).toList());
  }

  @Override
  public TrainConfig config() {
    return config;
  }

  @Override
  public List<String> classes() {
    return card.names();
  }

  @Override
  public Palette palette() {
    return card.palette();
  }

  @Override
  public byte[] segment(Photograph photograph, EvaluationProgress progress) {
    return segmenter.segment(photograph, progress);
  }

  @Override
  public void requireScores() {
    if (card.givesClasses()) {
      throw new UsageException(
          "%s gives classes without their scores, so there are no probabilities; export with output %s"
              .formatted(file, OutputForm.LOGITS));
    }
  }

  @Override
  public byte[] segment(Photograph photograph, EvaluationProgress progress, Confidences into) {
    requireScores();
    return segmenter.segment(photograph, progress, Optional.of(into));
  }

  @Override
  public Evaluation evaluate(
      Dataset dataset, Split split, Shard shard, EvaluationProgress progress) {
    SameClasses.require(file, classes(), dataset.classes());
    return segmenter.evaluate(dataset, split, shard, progress);
  }

  @Override
  public void close() {
    segmenter.close(); // and the program
    manager.close();
  }
}
