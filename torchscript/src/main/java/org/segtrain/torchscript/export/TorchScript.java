package org.segtrain.torchscript.export;

import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.segtrain.errors.DataException;
import org.segtrain.torchscript.Bfloat16;
import org.segtrain.torchscript.Graph;
import org.segtrain.torchscript.StateDict;

/**
 * Exports a block as a TorchScript file for PyTorch 1.12 or newer, in any language, which serves
 * inputs of every size.
 *
 * <p>Its arrays have the names that {@link StateDict} gives them, so {@code load_state_dict} of the
 * reference model reads them. It can be trained further: batch norms and dropout follow the mode of
 * the module. Stochastic depth is not in it, nor the count of a batch norm's batches.
 */
public final class TorchScript {

  /** The largest difference allowed, as a share of the largest output. */
  private static final double TOLERANCE = 1e-5;

  private static final double BFLOAT16_TOLERANCE = 0.05;

  /** The smallest share of places with equal classes: scores that almost tie may change places. */
  private static final double LEAST_EQUAL = 0.9;

  private static final double NANO = 1e-9;

  private final Forward forward;
  private final Samples samples;
  private final Map<String, String> files;
  private final boolean withoutUnused;

  private TorchScript(
      Forward forward, Samples samples, Map<String, String> files, boolean withoutUnused) {
    this.forward = forward;
    this.samples = samples;
    this.files = files;
    this.withoutUnused = withoutUnused;
  }

  /** An export of {@code block}, which is initialised. */
  public static TorchScript of(Block block, Samples samples) {
    return new TorchScript(new Forward(block, false), samples, Map.of(), false);
  }

  /** The same with a text that the file holds too, {@code _extra_files} in Python. */
  public TorchScript withFile(String name, String text) {
    Map<String, String> more = new TreeMap<>(files);
    more.put(name, text);
    return new TorchScript(forward, samples, more, withoutUnused);
  }

  /** The same in mixed precision: weights are stored as bfloat16, which halves the file. */
  public TorchScript inBfloat16() {
    return new TorchScript(new Forward(forward.block(), true), samples, files, withoutUnused);
  }

  /** The same without the arrays that inference does not read, those of auxiliary heads. */
  public TorchScript withoutUnused() {
    return new TorchScript(forward, samples, files, true);
  }

  /**
   * Writes the file, once it has been loaded and gives what the block gives on the unseen samples;
   * until then a file that is there stays as it is.
   *
   * @throws IllegalArgumentException if the block does what cannot be exported
   * @throws DataException if the file cannot be written
   */
  public Report write(Path file) {
    long start = System.nanoTime();
    Graph graph = Recordings.of(forward, samples);
    if (withoutUnused) {
      graph = Pruning.withoutUnusedParameters(graph);
    }
    Script script = new Script(forward.block(), graph, rounded(), files);
    Draft draft = Draft.beside(file);
    try {
      script.write(draft.path());
      Verification checked = Verification.of(draft.path(), forward, samples);
      check(checked);
      long bytes = Files.size(draft.path());
      draft.publish();
      double seconds = (System.nanoTime() - start) * NANO;
      return new Report(checked.difference(), checked.equalClasses(), seconds, bytes);
    } catch (IOException e) {
      throw draft.failure(e);
    } finally {
      draft.discard();
    }
  }

  private void check(Verification checked) {
    if (!(checked.equalClasses() >= LEAST_EQUAL)) {
      throw new IllegalStateException(
          "the exported file gives other classes than the block for a share of %.3g of the places, at"
                  .formatted(1 - checked.equalClasses())
              + " a size that was not recorded: control flow of the block depends on the size of its"
              + " input");
    }
    double tolerance = forward.bfloat16() ? BFLOAT16_TOLERANCE : TOLERANCE;
    double allowed = tolerance * Math.max(1, checked.magnitude());
    if (!(checked.difference() <= allowed)) {
      throw new IllegalStateException(
          "the exported file differs from the block by %.3g at a size that was not recorded, but"
                  .formatted(checked.difference())
              + " only %.3g is allowed: control flow of the block depends on the size of its input"
                  .formatted(allowed));
    }
  }

  private Set<String> rounded() {
    Set<String> names = new LinkedHashSet<>();
    if (forward.bfloat16()) {
      StateDict.of(forward.block())
          .forEach(
              (name, parameter) -> {
                if (Bfloat16.rounds(parameter, parameter.getArray())) {
                  names.add(name);
                }
              });
    }
    return names;
  }
}
