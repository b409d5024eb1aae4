package org.segtrain.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.DataException;
import org.segtrain.tensors.TensorFile;

/**
 * Weights from files: official checkpoints, those of MMSegmentation, TorchScript, safetensors, and
 * segtrain's own.
 *
 * <ol>
 *   <li>{@link Container}: the part of the file that is a state dict.
 *   <li>{@link Plan}: which of its arrays goes where, by name and shape, as it is or by a {@link
 *       Conversion}.
 *   <li>{@link Judgement}: whether that is enough.
 *   <li>Everything is read and converted, and only then put into the model.
 * </ol>
 */
public final class Weights {

  private Weights() {}

  /** Loads what fits, all or nothing: {@link #load(Block, Path, LoadOptions)}. */
  public static LoadReport load(Block block, Path file) {
    return load(block, file, LoadOptions.STANDARD);
  }

  /**
   * Overwrites the parameters and statistics of a model or a bare backbone, whichever of both the
   * file is of.
   *
   * @param block initialised
   * @throws DataException if the file cannot be read, is of another model, or has too little; then
   *     the block is as it was
   */
  public static LoadReport load(Block block, Path file, LoadOptions options) {
    Objects.requireNonNull(block, "block");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    try (TensorFile tensors = TensorFile.open(file)) {
      Source source = Source.of(tensors, options.container());
      Inventory model = Inventory.of(block);
      Plan plan = Plan.of(source.container().shapes(), model);
      Judgement judgement = new Judgement(file, source.container(), model, plan, options);
      judgement.refuseUnlessEnough();
      fill(StateDict.of(block), plan, source);
      return judgement.report();
    }
  }

  /**
   * A new model that begins with weights: of a backbone, or of a whole model with other classes,
   * what the file lacks stays new.
   *
   * @param block not initialised; {@code B 3 H W} in
   * @param manager keeps its parameters
   * @return {@code block}
   * @throws DataException if the file cannot be read or is of another model
   */
  public static <B extends Block> B start(B block, Path file, NDManager manager) {
    Objects.requireNonNull(block, "block");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(manager, "manager");
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
    load(block, file, LoadOptions.toTrain(null));
    return block;
  }

  private static void fill(Map<String, Parameter> state, Plan plan, Source source) {
    List<NDArray> targets = new ArrayList<>();
    List<NDArray> arrays = new ArrayList<>();
    NDManager manager = state.values().iterator().next().getArray().getManager();
    try (NDManager scope = manager.newSubManager()) {
      for (Plan.Step step : plan.steps()) {
        NDArray present = state.get(step.name()).getArray();
        targets.add(present);
        arrays.add(source.read(scope, step, present));
      }
      ArrayLists.copy(targets, arrays);
    }
  }
}
