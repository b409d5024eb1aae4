package org.segtrain.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.train.Resources;
import org.segtrain.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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
          + " DIR/legend.json."
    })
final class PredictCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "RUN_OR_CHECKPOINT",
      description = "Folder of a run, whose best checkpoint is taken, or a checkpoint.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE_OR_FOLDER",
      description = "Images, or folders of them, searched to the bottom (JPEG, PNG).")
  private List<Path> inputs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results.")
  private Path out;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    PrintWriter console = spec.commandLine().getOut();
    Resources resources = new Usage(spec).of(() -> device.resources(1));
    List<Inputs.Image> images = Inputs.find(inputs);
    try (TrainedModel trained = TrainedModel.load(model, resources)) {
      Predictions predictions = Predictions.create(out, trained.classes());
      for (Inputs.Image image : images) {
        Picture picture = ImageFiles.readRgb(image.file());
        predictions.add(image.name(), picture, trained.segment(picture));
        console.println("%s -> %s".formatted(image.file(), predictions.mask(image.name())));
        console.flush();
      }
    }
    console.println("colours: %s".formatted(out.resolve("legend.png")));
    console.flush();
    return ExitCode.OK;
  }
}
