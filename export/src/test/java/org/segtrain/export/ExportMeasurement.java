package org.segtrain.export;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.internal.Json;
import org.segtrain.engine.Autograd;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.torchscript.Report;
import org.segtrain.train.internal.ResidentMemory;

/**
 * Measures an export; {@code tools/export-table.sh} runs it, one process for each part, and makes a
 * table of what they print.
 */
public final class ExportMeasurement {

  private static final int CLASSES = 150;
  private static final int SIDE = 512;

  /** Of images before the others, in which PyTorch prepares a program, as the translator does. */
  private static final int SMALL_SIDE = 64;

  private static final int WARM_UP = 3;

  /** None of the sizes was used by the export itself, and none of the batches recorded. */
  private static final List<Shape> UNSEEN =
      List.of(new Shape(6, 3, 97, 131), new Shape(7, 3, 224, 160), new Shape(4, 3, 516, 701));

  private static final Deployment FORM =
      new Deployment(InputForm.FLOAT, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);

  private final BackboneVariant backbone;
  private final HeadVariant head;
  private final Path folder;
  private final int passes;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  private ExportMeasurement(String[] arguments) {
    backbone = BackboneVariant.of(arguments[1]);
    head = HeadVariant.of(arguments[2]);
    folder = Path.of(arguments[3]);
    passes = Integer.parseInt(arguments[4]);
  }

  /**
   * Prints JSON.
   *
   * @param arguments the part, the backbone, the head, a folder for the file, the number of passes,
   *     the number of threads
   */
  public static void main(String[] arguments) throws IOException, MalformedModelException {
    Resources.start("cpu", Integer.parseInt(arguments[5]), 1);
    ExportMeasurement measurement = new ExportMeasurement(arguments);
    Map<String, Object> found =
        switch (arguments[0]) {
          case "export" -> measurement.export();
          case "compare" -> measurement.compare();
          case "latency" -> measurement.latency();
          case "peak-eager" -> measurement.eagerPeak();
          case "peak-exported" -> measurement.exportedPeak(2);
          case "peak-cold" -> measurement.exportedPeak(0);
          default -> throw new IllegalArgumentException("there is no part " + arguments[0]);
        };
    System.out.println(Json.page(found));
  }

  /** Equal in every process. */
  private ExportSource original() {
    return ExportSource.fresh(backbone, head, CLASSES, 0);
  }

  private Path file() {
    return folder.resolve("model.pt");
  }

  private Model loaded() throws IOException, MalformedModelException {
    Model model = Model.newInstance("exported", "PyTorch");
    model.load(file());
    return model;
  }

  private Map<String, Object> export() {
    try (ExportSource original = original()) {
      ModelCard card = ModelCard.of(original, FORM, "measurement");
      Report report = ExportFormat.TORCHSCRIPT.write(original, FORM, card, file());
      return Map.of("seconds", report.seconds(), "megabytes", report.bytes() / 1e6);
    }
  }

  /** The file in DJL against the blocks; their inputs and outputs are left for PyTorch. */
  @SuppressWarnings("try") // the switch is there to be closed
  private Map<String, Object> compare() throws IOException, MalformedModelException {
    double difference = 0;
    double equal = 0;
    List<Map<String, Object>> cases = new ArrayList<>();
    try (ExportSource original = original();
        Model model = loaded();
        Autograd off = Autograd.off()) {
      for (Shape shape : UNSEEN) {
        NDArray image = manager.randomNormal(shape);
        NDArray wanted = run(original.model(), image);
        NDArray found = run(model.getBlock(), image);
        difference = Math.max(difference, found.sub(wanted).abs().max().getFloat());
        NDArray same = found.argMax(1).eq(wanted.argMax(1));
        equal += same.sum().getLong() / (double) same.size() / UNSEEN.size();
        cases.add(
            Map.of(
                "input", saved("input" + cases.size(), image),
                "output", saved("output" + cases.size(), wanted)));
      }
    }
    Files.writeString(folder.resolve("cases.json"), Json.page(cases));
    return Map.of("difference", difference, "equal", equal);
  }

  /** The numbers in a file, float32, and what is to be known of it. */
  private Map<String, Object> saved(String name, NDArray array) throws IOException {
    Files.write(folder.resolve(name), array.toByteArray());
    return Map.of("file", name, "shape", array.getShape().getShape());
  }

  /** Both in turns, milliseconds. */
  @SuppressWarnings("try") // the switch is there to be closed
  private Map<String, Object> latency() throws IOException, MalformedModelException {
    NDArray image = manager.randomNormal(new Shape(1, 3, SIDE, SIDE));
    double[] eager = new double[passes];
    double[] exported = new double[passes];
    double[] ratio = new double[passes];
    try (ExportSource original = original();
        Model model = loaded();
        Autograd off = Autograd.off()) {
      for (int i = -WARM_UP; i < passes; i++) {
        boolean eagerFirst = i % 2 == 0;
        double first = milliseconds(eagerFirst ? original.model() : model.getBlock(), image);
        double second = milliseconds(eagerFirst ? model.getBlock() : original.model(), image);
        if (i >= 0) {
          eager[i] = eagerFirst ? first : second;
          exported[i] = eagerFirst ? second : first;
          ratio[i] = exported[i] / eager[i];
        }
      }
    }
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("eager", median(eager));
    found.put("exported", median(exported));
    found.put("ratio", median(ratio));
    return found;
  }

  private Map<String, Object> eagerPeak() {
    try (ExportSource original = original()) {
      return Map.of("eagerPeak", peak(original.model(), 2));
    }
  }

  private Map<String, Object> exportedPeak(int smallPasses)
      throws IOException, MalformedModelException {
    try (Model model = loaded()) {
      return Map.of("exportedPeak", peak(model.getBlock(), smallPasses));
    }
  }

  /** The most memory that this process had resident, MB. */
  @SuppressWarnings("try") // the switch is there to be closed
  private double peak(Block block, int smallPasses) {
    NDArray small = manager.randomNormal(new Shape(1, 3, SMALL_SIDE, SMALL_SIDE));
    NDArray image = manager.randomNormal(new Shape(1, 3, SIDE, SIDE));
    try (Autograd off = Autograd.off()) {
      for (int i = 0; i < smallPasses; i++) {
        milliseconds(block, small);
      }
      for (int i = 0; i < passes; i++) {
        milliseconds(block, image);
      }
    }
    return ResidentMemory.peak().orElseThrow() / 1e6;
  }

  private double milliseconds(Block block, NDArray image) {
    long start = System.nanoTime();
    run(block, image).close();
    return (System.nanoTime() - start) / 1e6;
  }

  private NDArray run(Block block, NDArray image) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray view = image.reshape(image.getShape());
      view.attach(scope);
      NDList scores = block.forward(new ParameterStore(scope, false), new NDList(view), false);
      scores.attach(manager);
      return scores.head();
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
