package org.segtrain.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.check.CheckProgress;
import org.segtrain.check.DataCheck;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Confidences;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.PredictionForms;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.inference.PredictionForms.Polygons;
import org.segtrain.inference.Predictions;
import org.segtrain.recipes.Settings;
import org.segtrain.report.Comparison;
import org.segtrain.report.LogTable;
import org.segtrain.report.ReportServer;
import org.segtrain.report.RunPage;
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

  static List<Call> of(Materials given) throws IOException {
    List<Call> calls = new ArrayList<>(weights(given));
    calls.addAll(data(given));
    calls.addAll(results(given));
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
        new Call("DataCheck.run", () -> DataCheck.of(config).run(CheckProgress.NONE)));
  }

  private static List<Call> results(Materials given) throws IOException {
    List<String> classes = given.scenes.classes();
    Palette palette = Palette.of(classes.size());
    byte[] labels = given.scenes.read(Split.VALIDATION, 0).labels();
    Confidences confidences =
        new Confidences(given.picture.width(), given.picture.height(), Confidences.Depth.SIXTEEN);
    PredictionForms all =
        new PredictionForms(
            EnumSet.allOf(MaskFormat.class),
            Optional.of(confidences.depth()),
            Optional.of(Polygons.USUAL),
            true);
    Path copy = given.folder.resolve("copy-of-run");
    copy(given.run, copy);
    Path page = given.folder.resolve("report.html");
    return List.of(
        new Call(
            "Predictions.create, add",
            () -> {
              Path folder = given.folder.resolve("predicted");
              try (Predictions predictions = Predictions.create(folder, classes)) {
                predictions.add("a", given.picture, labels);
              }
            }),
        new Call(
            "Predictions.create, add in all forms",
            () -> {
              Path folder = given.folder.resolve("predicted-in-all-forms");
              try (Predictions predictions = Predictions.create(folder, classes, palette, all)) {
                predictions.add("a", given.picture, labels, Optional.of(confidences));
              }
            }),
        new Call("RunPage.write", () -> RunPage.write(given.run, page)),
        new Call("Comparison.write", () -> Comparison.write(List.of(given.run, copy), page)),
        new Call("LogTable.read", () -> LogTable.read(given.run, row -> {})),
        new Call(
            "ReportServer.start, a page, close",
            () -> {
              try (ReportServer server = ReportServer.start(given.folder, 0);
                  Socket client = connected(URI.create(server.address()))) {
                String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().readAllBytes();
              }
            }));
  }

  /** The JDK's HTTP clients keep threads for a while. */
  private static Socket connected(URI address) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), address.getPort());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
