package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segtrain.check.DataCheck;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.EvaluatedModelOptions;
import org.segtrain.cli.options.EvaluationOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.PredictionOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.options.WeightsOptions;
import org.segtrain.cli.texts.ConfigText;
import org.segtrain.cli.texts.FileProgress;
import org.segtrain.cli.texts.Printable;
import org.segtrain.cli.texts.Screen;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Confidences;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Photograph;
import org.segtrain.data.internal.ReadAhead;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.export.AnyModel;
import org.segtrain.images.PixelSize;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.PredictionForms;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.inference.Predictions;
import org.segtrain.inference.Resources;
import org.segtrain.inference.Shard;
import org.segtrain.inference.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain predict}: images in; masks, coloured images and a legend out. */
@Command(
    name = "predict",
    description = {
      "Finds the class of every pixel of images.",
      "Writes DIR/masks (palette PNG, values are class numbers), DIR/overlays, DIR/legend.png and"
          + " DIR/legend.json; on demand probabilities, polygons and COCO's run lengths."
    })
public final class PredictCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "Folder of a run, for its best checkpoint; a checkpoint; or an exported file. Not with"
              + " --weights.")
  private Path first;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE_OR_FOLDER",
      description =
          "Images (JPEG, PNG, TIFF, BMP, GIF, WebP), or folders of them with their subfolders.")
  private List<Path> others = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results.")
  private Path out;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      completionCandidates = NameLists.Datasets.class,
      description =
          "Kind of data that --weights were trained on: ${bundle:datasets} (folder; with --recipe ade20k).")
  private String dataset;

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description = "File with the classes of --weights, one name a line (those of --dataset).")
  private Path classes;

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "For images that cannot be read, once the others are done: fail (exit code 1) or skip"
              + " (only count them) (fail).")
  private String onError;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Predict only every N-th image from the I-th on; other processes with the same --out"
              + " predict the others.")
  private String shard;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print the names of each image and of its first result.")
  private boolean verbose;

  @Mixin private final PredictionOptions written = new PredictionOptions();

  @Mixin private final WeightsOptions weights = new WeightsOptions();

  @Mixin private final EvaluatedModelOptions model = new EvaluatedModelOptions();

  @Mixin private final EvaluationOptions evaluation = new EvaluationOptions();

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    PrintWriter console = spec.commandLine().getOut();
    Usage usage = new Usage(spec);
    PredictionForms forms = usage.of(written::forms);
    Shard own = usage.of(() -> shard(forms));
    WeightsSource source = usage.of(weights::source);
    Inputs.Found found = Inputs.find(usage.of(() -> images(source))).of(own);
    Predictions.refuseAmongData(out);
    Predictions.refuseOverwriting(out, found.byName(), forms);
    if (!found.leftOut().isEmpty()) {
      console.println(Printable.of("left out: " + found.leftOut()));
    }
    BadFiles bad = new BadFiles(spec, usage.of(() -> OnError.of(onError)));
    try (ModelInUse trained = open(source, usage)) {
      usage.check(() -> evaluation.refuseIdle(trained.config().evaluation()));
      refuseAmong(trained.config());
      if (forms.probabilities().isPresent()) {
        usage.check(trained::requireScores);
      }
      Predictions predictions =
          Predictions.create(out, trained.classes(), trained.palette(), forms);
      int predicted;
      try (predictions) {
        predicted = predict(found.images(), trained, predictions, forms, bad);
      }
      found.clashes().forEach(clash -> bad.addOf(clash.sentence(), clash.images()));
      bad.addAll(found.refused());
      console.println(
          "predicted %s%s: %s; colours: %s%s"
              .formatted(
                  Counted.of(predicted, "image"),
                  shard == null ? "" : " of shard " + own,
                  Printable.of(out.toString()),
                  out.resolve("legend.png"),
                  predictions.hasWords()
                      ? ""
                      : " (without names, since Java finds no font here; legend.json has them)"));
    }
    console.flush();
    return bad.report(found.images().size() + found.others());
  }

  /** The images of this process: all, or those of {@code --shard}. */
  private Shard shard(PredictionForms forms) {
    if (shard != null && forms.formats().contains(MaskFormat.COCO_RLE)) {
      throw new UsageException(
          "--format coco-rle writes one file for all images, which shards would overwrite; leave"
              + " coco-rle or --shard out");
    }
    return shard == null ? Shard.WHOLE : Shard.of(shard);
  }

  /** Refuses a folder whose results would be taken for files of the data of the run. */
  private void refuseAmong(TrainConfig config) {
    for (Path file : Predictions.files(out)) {
      if (DataCheck.isAmongData(config, file)) {
        throw new DataException(
            "%s is among the images of the data that the run was trained on, so results in it would be taken for them; choose another folder"
                .formatted(out));
      }
    }
  }

  /** Returns how many are predicted now. */
  private int predict(
      List<Inputs.Image> images,
      ModelInUse trained,
      Predictions predictions,
      PredictionForms forms,
      BadFiles bad) {
    int predicted = 0;
    try (FileProgress progress = new FileProgress(Screen.of(spec), "predicting", " images");
        ReadAhead<Photograph> photographs =
            new ReadAhead<>(
                images.size(),
                i -> ImageFiles.open(images.get(i).file()),
                i -> images.get(i).file().toString())) {
      boolean isTold = false;
      for (int i = 0; i < images.size(); i++) {
        Inputs.Image image = images.get(i);
        Optional<byte[]> labels = Optional.empty();
        Optional<Confidences> confidences = Optional.empty();
        Photograph photograph = null;
        try {
          photograph = photographs.next();
          if (!isTold) {
            tell(trained, photograph);
            isTold = true;
          }
          confidences = confidences(photograph, forms);
          labels =
              Optional.of(
                  confidences.isPresent()
                      ? trained.segment(photograph, progress, confidences.get())
                      : trained.segment(photograph, progress));
        } catch (RuntimeException | OutOfMemoryError e) {
          bad.add(image.file(), photograph, e);
        }
        if (labels.isPresent()) {
          try {
            predictions.add(image.name(), photograph, labels.get(), confidences);
          } catch (DataException e) {
            bad.tell(); // what was wrong before the disk was full
            throw e;
          }
          predicted++;
          name(image, predictions);
        }
        progress.at(i + 1, images.size());
      }
    }
    return predicted;
  }

  private void name(Inputs.Image image, Predictions predictions) {
    if (verbose) {
      Path first = predictions.first(image.name());
      spec.commandLine().getOut().println(Printable.of("%s -> %s".formatted(image.file(), first)));
    }
  }

  private static Optional<Confidences> confidences(Photograph photograph, PredictionForms forms) {
    return forms
        .probabilities()
        .map(depth -> new Confidences(photograph.width(), photograph.height(), depth));
  }

  /** Says what becomes of the first photograph before the model reads it. */
  private void tell(ModelInUse trained, Photograph photograph) {
    PixelSize size = new PixelSize(photograph.width(), photograph.height());
    PrintWriter console = spec.commandLine().getOut();
    console.println(
        "the first photograph (width x height): "
            + new ConfigText(trained.config()).evaluated(size));
    console.flush();
  }

  /** All operands, but for that of the run. */
  private List<Path> images(WeightsSource source) {
    List<Path> images = new ArrayList<>(others);
    if (source.isGiven()) {
      images.add(0, first);
    }
    if (images.isEmpty()) {
      throw new UsageException(
          "there are no images; name files or folders of them behind %s".formatted(first));
    }
    return images;
  }

  private ModelInUse open(WeightsSource source, Usage usage) {
    Resources resources = usage.of(() -> device.resources(1));
    usage.check(() -> model.check(resources));
    if (!source.isGiven()) {
      usage.check(() -> model.refuseWithRun(dataset, classes));
      Overlay instead = usage.of(() -> model.overlay().with(evaluation.overlay()));
      return GivenModel.shown(spec, () -> usage.of(() -> AnyModel.open(first, resources, instead)));
    }
    DatasetVariant kind = usage.of(() -> model.dataset(dataset, DatasetVariant.FOLDER));
    TrainConfig config = usage.of(() -> model.config(kind).with(evaluation.overlay()));
    List<String> names = usage.of(() -> names(kind));
    return GivenModel.shown(spec, () -> TrainedModel.of(source, config, names, resources));
  }

  private List<String> names(DatasetVariant kind) {
    return classes == null
        ? kind.classes().orElseThrow(PredictCommand::unknownClasses)
        : FolderDataset.readClasses(classes);
  }

  private static UsageException unknownClasses() {
    return new UsageException(
        "--weights needs --classes FILE, a list of the classes that they tell apart, or the"
            + " --dataset that they were trained on");
  }
}
