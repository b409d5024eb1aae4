package org.segtrain.export;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.engine.Autograd;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.onnx.internal.OnnxRuntime;

/**
 * Measures what the options of an export cost: files of one model in several forms, in turns in one
 * process. Times of ONNX Runtime have the copies to and from arrays of DJL in them. {@code
 * tools/export-forms.sh} runs it.
 */
public final class FormMeasurement {

  private static final int CLASSES = 150;
  private static final int SIDE = 512;
  private static final int WARM_UP = 3;

  private static final List<Row> ROWS =
      List.of(
          torchscript("", scores(InputForm.FLOAT, false)),
          torchscript("--optimize", scores(InputForm.FLOAT, true)),
          torchscript(
              "--precision bf16",
              new Deployment(
                  InputForm.FLOAT, OutputForm.LOGITS, false, Precision.BF16, Optimization.NONE)),
          torchscript("--input uint8", scores(InputForm.UINT8, false)),
          torchscript(
              "--output full_logits",
              new Deployment(
                  InputForm.FLOAT,
                  OutputForm.FULL_LOGITS,
                  false,
                  Precision.FP32,
                  Optimization.NONE)),
          torchscript("--input uint8 --output class_map", classes(false, false)),
          torchscript("--input uint8 --output class_map --confidence", classes(true, false)),
          torchscript("--input uint8 --output class_map --optimize", classes(false, true)),
          new Row("", ExportFormat.ONNX, "model.onnx", scores(InputForm.FLOAT, false)),
          new Row(
              "--input uint8 --output class_map",
              ExportFormat.ONNX,
              "model.onnx",
              classes(false, false)));

  private FormMeasurement() {}

  private record Row(String options, ExportFormat format, String file, Deployment form) {}

  /** A file that was loaded, what goes into it, and its size in MB. */
  private record Loaded(Forward forward, NDArray image, double megabytes) {}

  private interface Forward {
    NDList of(NDList image) throws OrtException;
  }

  /**
   * Prints a Markdown table: for each form the size of the file, the median time of a pass, and the
   * median of its ratio to the first, pass by pass.
   *
   * @param arguments the backbone, the head, an empty folder, the number of passes, of threads
   */
  @SuppressWarnings("try") // the switch is there to be closed
  public static void main(String[] arguments)
      throws IOException, MalformedModelException, OrtException {
    int threads = Integer.parseInt(arguments[4]);
    Resources.start("cpu", threads, 1);
    List<Loaded> files = new ArrayList<>();
    try (ExportSource original =
            ExportSource.fresh(
                BackboneVariant.of(arguments[0]), HeadVariant.of(arguments[1]), CLASSES, 0);
        Autograd off = Autograd.off()) {
      for (Row row : ROWS) {
        files.add(load(row, original, Path.of(arguments[2]), threads));
      }
      print(files, times(files, Integer.parseInt(arguments[3])));
    }
  }

  private static Loaded load(Row row, ExportSource original, Path folder, int threads)
      throws IOException, MalformedModelException, OrtException {
    NDManager manager = NDManager.newBaseManager("PyTorch");
    Path file = folder.resolve(row.file);
    ModelCard card = ModelCard.of(original, row.form, "measurement");
    double megabytes = row.format.write(original, row.form, card, file).bytes() / 1e6;
    NDArray image =
        row.form.input() == InputForm.UINT8
            ? manager
                .randomUniform(0, 255, new Shape(1, SIDE, SIDE, 3))
                .toType(DataType.UINT8, false)
            : manager.randomNormal(new Shape(1, 3, SIDE, SIDE));
    if (row.format == ExportFormat.ONNX) {
      return new Loaded(new OnnxRuntime(file, threads)::run, image, megabytes);
    }
    Model model = Model.newInstance("exported", "PyTorch");
    model.load(file);
    ParameterStore parameters = new ParameterStore(manager, false);
    return new Loaded(
        inputs -> model.getBlock().forward(parameters, inputs, false), image, megabytes);
  }

  /** Milliseconds by pass and file; each pass begins with another file. */
  private static double[][] times(List<Loaded> files, int passes) throws OrtException {
    double[][] times = new double[passes][files.size()];
    for (int pass = -WARM_UP; pass < passes; pass++) {
      for (int i = 0; i < files.size(); i++) {
        int next = (i + pass + WARM_UP) % files.size();
        double time = milliseconds(files.get(next));
        if (pass >= 0) {
          times[pass][next] = time;
        }
      }
    }
    return times;
  }

  private static double milliseconds(Loaded file) throws OrtException {
    try (NDManager scope = file.image.getManager().newSubManager()) {
      NDArray view = file.image.reshape(file.image.getShape());
      view.attach(scope);
      long start = System.nanoTime();
      file.forward.of(new NDList(view));
      return (System.nanoTime() - start) / 1e6;
    }
  }

  private static void print(List<Loaded> files, double[][] times) {
    System.out.println("| format | options | MB | ms | ratio |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (int i = 0; i < files.size(); i++) {
      int column = i;
      double time = median(Arrays.stream(times).mapToDouble(pass -> pass[column]).toArray());
      double ratio =
          median(Arrays.stream(times).mapToDouble(pass -> pass[column] / pass[0]).toArray());
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.1f | %.0f | %.2f |%n",
          ROWS.get(i).format,
          ROWS.get(i).options.isEmpty() ? "" : "`" + ROWS.get(i).options + "`",
          files.get(i).megabytes,
          time,
          ratio);
    }
  }

  private static Row torchscript(String options, Deployment form) {
    return new Row(options, ExportFormat.TORCHSCRIPT, "model.pt", form);
  }

  private static Deployment scores(InputForm input, boolean optimized) {
    return new Deployment(
        input,
        OutputForm.LOGITS,
        false,
        Precision.FP32,
        optimized ? Optimization.ANY_DEVICE : Optimization.NONE);
  }

  private static Deployment classes(boolean confidence, boolean optimized) {
    return new Deployment(
        InputForm.UINT8,
        OutputForm.CLASS_MAP,
        confidence,
        Precision.FP32,
        optimized ? Optimization.ANY_DEVICE : Optimization.NONE);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
