package org.segtrain.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.check.CheckProgress;
import org.segtrain.check.DataCheck;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Predictions;
import org.segtrain.recipes.Settings;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;
import org.segtrain.tensors.TensorFile;
import org.segtrain.tensors.TorchWriter;
import org.segtrain.weights.Inspection;
import org.segtrain.weights.Soup;
import org.segtrain.weights.Transcript;
import org.segtrain.weights.Weights;

/** Calls that open files: of weights, of images, of data. */
final class FileCalls {

  private FileCalls() {}

  static List<Call> of(Materials given) {
    List<Call> calls = new ArrayList<>(weights(given));
    calls.addAll(data(given));
    return calls;
  }

  private static List<Call> weights(Materials given) {
    Path out = given.folder.resolve("out.safetensors");
    Path pickledOut = given.folder.resolve("out.pth");
    SegmentationModel other = given.ofScenes();
    return List.of(
        new Call(
            "SafeTensorsWriter.write",
            () -> SafeTensorsWriter.write(out, Map.of(), given.state(), ElementType.BF16)),
        new Call(
            "TorchWriter.write",
            () -> TorchWriter.write(pickledOut, given.state(), ElementType.F16)),
        new Call("TensorFile.open, read of safetensors", () -> readAll(given.safetensors)),
        new Call("TensorFile.open, read of a pickle", () -> readAll(given.pickled)),
        Call.refused(
            "TensorFile.open of rubbish",
            DataException.class,
            () -> TensorFile.open(given.rubbish)),
        new Call("Weights.load", () -> Weights.load(given.model, given.pickled)),
        Call.refused(
            "Weights.load of another model",
            DataException.class,
            () -> Weights.load(given.model, given.run.resolve("best.safetensors"))),
        new Call(
            "Weights.start",
            () -> {
              try (NDManager own = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
                Weights.start(other, given.run.resolve("best.safetensors"), own);
              } finally {
                other.clear();
              }
            }),
        new Call("Inspection.of", () -> Inspection.of(given.pickled, null)),
        new Call(
            "Transcript.of",
            () -> {
              Files.deleteIfExists(out);
              Transcript.of(given.pickled, out, Transcript.Options.STANDARD);
            }),
        new Call(
            "Soup.of",
            () -> {
              Files.deleteIfExists(out);
              Soup.of(List.of(given.pickled, given.safetensors), out);
            }));
  }

  private static void readAll(Path file) {
    try (TensorFile tensors = TensorFile.open(file);
        NDManager own = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      tensors.tensors().keySet().forEach(name -> tensors.read(own, name));
    }
  }

  private static List<Call> data(Materials given) {
    Path image = given.data.resolve("images/validation/0.png");
    Path mask = given.data.resolve("annotations/validation/0.png");
    Path predicted = given.folder.resolve("predicted");
    byte[] labels = given.scenes.read(Split.VALIDATION, 0).labels();
    TrainConfig config =
        Settings.ofOwnModel("none", DatasetVariant.FOLDER)
            .with("data.path", given.data.toString())
            .with("data.crop", Materials.SIDE)
            .config();
    return List.of(
        new Call("ImageFiles.readRgb", () -> ImageFiles.readRgb(image)),
        new Call("ImageFiles.readLabels", () -> ImageFiles.readLabels(mask)),
        Call.refused(
            "ImageFiles.readRgb of rubbish",
            DataException.class,
            () -> ImageFiles.readRgb(given.rubbish)),
        new Call(
            "FolderDataset.open, read",
            () -> {
              Dataset dataset = FolderDataset.open(given.data);
              dataset.read(Split.TRAINING, 0);
              dataset.open(Split.VALIDATION, 0).labels();
            }),
        new Call("DataCheck.run", () -> DataCheck.of(config).run(CheckProgress.NONE)),
        new Call(
            "Predictions.create, add",
            () ->
                Predictions.create(predicted, given.scenes.classes())
                    .add("a", given.picture, labels)));
  }
}
