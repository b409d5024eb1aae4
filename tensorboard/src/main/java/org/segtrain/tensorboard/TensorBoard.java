package org.segtrain.tensorboard;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.Configuration;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Photograph;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Metrics;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.Summary;
import org.tensorflow.framework.SummaryMetadata;
import org.tensorflow.framework.TensorProto;
import org.tensorflow.framework.TensorShapeProto;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

/**
 * A training told to TensorBoard: numbers of its steps and evaluations, the configuration as text
 * and as hyperparameters, and at the end the pictures of its predictions. Each session writes a
 * file of its own into {@code tensorboard} in the folder of the run. TensorBoard drops an earlier
 * session's values of steps that are made again.
 */
public final class TensorBoard implements Progress, AutoCloseable {

  private static final double MILLIS = 1e3;
  private static final int RGB = 3; // Summary.Image's colour space

  private final RunFolder run;
  private final TrainConfig config;
  private EventFile file; // null before the first step, so that what is refused leaves no file
  private long step;

  /**
   * Nothing is written before the first step.
   *
   * @param run folder of the run
   */
  public TensorBoard(Path run, TrainConfig config) {
    this.run = new RunFolder(run);
    this.config = config;
  }

  /** Where the events of a run are. */
  public static Path folder(Path run) {
    return run.resolve("tensorboard");
  }

  private static double now() {
    return System.currentTimeMillis() / MILLIS;
  }

  @Override
  public void step(StepReport report) {
    step = report.step();
    if (file == null) {
      begin();
    }
    Summary.Builder summary = Summary.newBuilder();
    add(summary, "train/loss", report.loss());
    List<Double> parts = report.losses();
    for (int i = 0; i < parts.size() && parts.size() > 1; i++) {
      add(summary, "train/losses/" + i, parts.get(i));
    }
    add(summary, "train/learning_rate", report.learningRate());
    add(summary, "train/gradient_norm", report.gradientNorm());
    add(summary, "speed/images_per_second", report.imagesPerSecond());
    add(summary, "speed/resident_mb", (double) report.residentMb());
    if (report.gpuMb() > 0) {
      add(summary, "speed/gpu_mb", (double) report.gpuMb());
    }
    add(summary);
  }

  @Override
  public void evaluated(EvaluationReport report) {
    if (file == null) { // the evaluation that a killed session missed
      begin();
    }
    Evaluation found = report.evaluation();
    Metrics metrics = report.metrics();
    Summary.Builder summary = Summary.newBuilder();
    add(summary, "validation/mIoU", metrics.meanIou());
    add(summary, "validation/mAcc", metrics.meanAccuracy());
    add(summary, "validation/aAcc", metrics.accuracy());
    add(summary, "validation/mF1", metrics.meanF1());
    add(summary, "validation/fwIoU", metrics.frequencyWeightedIou());
    add(summary, "validation/mBIoU", found.boundaryMetrics().meanIou());
    metrics
        .counts()
        .forEach(count -> add(summary, "IoU/" + metrics.classes().get(count.label()), count.iou()));
    step = report.step();
    add(summary);
  }

  /** Values that are no number are left out. */
  private static void add(Summary.Builder summary, String tag, double value) {
    if (!Double.isNaN(value)) {
      summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value));
    }
  }

  private void add(Summary.Builder summary) {
    file.add(Event.newBuilder().setWallTime(now()).setStep(step).setSummary(summary).build());
  }

  private void begin() {
    file = new EventFile(folder(run.dir()), now());
    SessionLog start = SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START).build();
    file.add(Event.newBuilder().setWallTime(now()).setStep(step).setSessionLog(start).build());
    Map<String, String> values = Configuration.texts(config);
    add(
        Summary.newBuilder()
            .addValue(text("config", table(values)))
            .addValue(Hparams.start(values, now())));
  }

  /** A table of Markdown. */
  private static String table(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> "|%s|%s|".formatted(value.getKey(), value.getValue().replace("|", "\\|")))
        .collect(Collectors.joining("\n", "|key|value|\n|---|---|\n", "\n"));
  }

  private static Summary.Value text(String tag, String text) {
    return Summary.Value.newBuilder()
        .setTag(tag)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(SummaryMetadata.PluginData.newBuilder().setPluginName("text")))
        .setTensor(
            TensorProto.newBuilder()
                .setDtype(DataType.DT_STRING)
                .setTensorShape(TensorShapeProto.getDefaultInstance())
                .addStringVal(ByteString.copyFromUtf8(text)))
        .build();
  }

  /**
   * Adds the pictures of the run's predictions, if it came to its end in this session.
   *
   * @throws DataException if they cannot be read or written
   */
  @Override
  public void close() {
    if (file != null && step == config.schedule().iterations()) {
      for (Path picture : pictures()) {
        add(Summary.newBuilder().addValue(image(picture)));
      }
      add(Summary.newBuilder().addValue(Hparams.end(now())));
    }
  }

  private List<Path> pictures() {
    try (Stream<Path> files = Files.list(run.predictions())) {
      return files.filter(each -> each.toString().endsWith(".png")).sorted().toList();
    } catch (IOException e) {
      throw new DataException(
          "cannot look into %s: %s".formatted(run.predictions(), IoReason.of(e)), e);
    }
  }

  private static Summary.Value image(Path picture) {
    Photograph size = ImageFiles.open(picture);
    String name = picture.getFileName().toString();
    try {
      return Summary.Value.newBuilder()
          .setTag("predictions/" + name.substring(0, name.lastIndexOf('.')))
          .setImage(
              Summary.Image.newBuilder()
                  .setWidth(size.width())
                  .setHeight(size.height())
                  .setColorspace(RGB)
                  .setEncodedImageString(ByteString.copyFrom(Files.readAllBytes(picture))))
          .build();
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(picture, IoReason.of(e)), e);
    }
  }
}
