package org.segtrain.torchscript;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Graph;
import org.segtrain.errors.DataException;
import org.segtrain.files.Draft;

/**
 * Exports a block as a TorchScript file for PyTorch in any language, which serves inputs of every
 * size. Its form is that of PyTorch 1.12; its operations may need a newer one, as attention with a
 * scale needs 2.1.
 *
 * <p>Its arrays have the names that {@link StateDict} gives them, so {@code load_state_dict} of the
 * reference model reads them. It can be trained further: batch norms and dropout follow the mode of
 * the module. Stochastic depth is not in it, nor the count of a batch norm's batches.
 */
public final class TorchScript {

  private static final double NANO = 1e-9;

  private final Forward forward;
  private final Samples samples;
  private final Options options;

  /**
   * The options.
   *
   * @param files further texts by their names
   * @param withoutUnused whether parameters that nothing reads are left out
   * @param optimized whether the program is simplified for inference
   * @param forCpu whether oneDNN computes its layers
   * @param calibration inputs whose ranges int8 layers have; none for the precision of the block
   */
  private record Options(
      Map<String, String> files,
      boolean withoutUnused,
      boolean optimized,
      boolean forCpu,
      List<Function<NDManager, NDList>> calibration) {

    static final Options NONE = new Options(Map.of(), false, false, false, List.of());
  }

  private TorchScript(Forward forward, Samples samples, Options options) {
    this.forward = forward;
    this.samples = samples;
    this.options = options;
  }

  /** An export of {@code block}, which is initialised. */
  public static TorchScript of(Block block, Samples samples) {
    return new TorchScript(new Forward(block, false), samples, Options.NONE);
  }

  /** The same with a text that the file holds too, {@code _extra_files} in Python. */
  public TorchScript withFile(String name, String text) {
    Map<String, String> files = new TreeMap<>(options.files());
    files.put(name, text);
    return with(
        new Options(
            files,
            options.withoutUnused(),
            options.optimized(),
            options.forCpu(),
            options.calibration()));
  }

  /** The same in mixed precision: weights are stored as bfloat16, which halves the file. */
  public TorchScript inBfloat16() {
    return new TorchScript(new Forward(forward.block(), true), samples, options);
  }

  /** The same without the parameters that inference does not read, those of auxiliary heads. */
  public TorchScript withoutUnused() {
    return with(
        new Options(
            options.files(), true, options.optimized(), options.forCpu(), options.calibration()));
  }

  /**
   * The same for inference only, and without unused parameters: batch norms are folded into the
   * convolutions before them, and statements that compute nothing are gone.
   */
  public TorchScript optimized() {
    return with(new Options(options.files(), true, true, options.forCpu(), options.calibration()));
  }

  /**
   * The {@linkplain #optimized optimised} file for a CPU: oneDNN computes linear layers and
   * convolutions with weights in its own order, and the activations and sums behind them. It needs
   * a PyTorch with oneDNN, which has operations of its own since 2.7.
   */
  public TorchScript forCpu() {
    return with(new Options(options.files(), true, true, true, List.of()));
  }

  /**
   * The file {@linkplain #forCpu for a CPU} with linear layers and convolutions in int8.
   *
   * @param calibration typical inputs, which decide the ranges of activations
   * @throws IllegalArgumentException if there is none
   */
  public TorchScript inInt8(List<Function<NDManager, NDList>> calibration) {
    if (calibration.isEmpty()) {
      throw new IllegalArgumentException("int8 needs typical inputs, but there is none");
    }
    return with(new Options(options.files(), true, true, true, List.copyOf(calibration)));
  }

  private TorchScript with(Options others) {
    return new TorchScript(forward, samples, others);
  }

  /**
   * Writes the file: loads it, compares it with the block on the unseen samples within {@link
   * Tolerance}, and only then replaces an earlier file.
   *
   * @throws IllegalArgumentException if an operation of the block cannot be exported
   * @throws IllegalStateException if the outputs of file and block differ
   * @throws DataException if the file cannot be written
   */
  public Report write(Path file) {
    long start = System.nanoTime();
    try (Draft draft = Draft.ofFile(file)) {
      return write(draft, start);
    }
  }

  private Report write(Draft draft, long start) {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(forward.device())) {
      script(draft.path(), manager).write(draft.path());
      Tolerance tolerance =
          options.calibration().isEmpty()
              ? Tolerance.of(forward, options.optimized())
              : Tolerance.INT8;
      Verification checked = Verification.of(draft.path(), forward, samples, tolerance);
      long bytes = Files.size(draft.path());
      draft.publish();
      double seconds = (System.nanoTime() - start) * NANO;
      return new Report(checked.difference(), checked.equalClasses(), seconds, bytes);
    } catch (IOException e) {
      throw draft.failure(e);
    }
  }

  /**
   * The file.
   *
   * @param draft where it will be, and programs of a calibration are before
   * @param manager gets the arrays that it has and the block has not
   */
  private Script script(Path draft, NDManager manager) throws IOException {
    if (options.forCpu() && forward.device().isGpu()) {
      throw new IllegalArgumentException(
          "a file for a CPU is compared with the block there, but the block is on "
              + forward.device());
    }
    Graph graph = graph(manager);
    if (!options.forCpu()) {
      return new Script(forward, graph, Map.of(), options.files());
    }
    Map<Integer, Range> ranges = Map.of();
    if (!options.calibration().isEmpty()) {
      List<Integer> places = OneDnn.toCalibrate(graph, manager);
      ranges = Calibration.of(forward, graph, places, draft, options.calibration());
    }
    OneDnn.Packed packed = OneDnn.of(graph, ranges, manager);
    return new Script(forward, packed.graph(), packed.packings(), options.files());
  }

  /**
   * The program.
   *
   * @param manager gets the arrays that it has and the block has not
   */
  private Graph graph(NDManager manager) {
    Graph graph = Recordings.of(forward, samples);
    if (options.optimized()) {
      graph = Pruning.withoutIdleStatements(BatchNormFolding.fold(graph, manager));
    }
    return options.withoutUnused() ? Pruning.withoutUnusedParameters(graph) : graph;
  }
}
