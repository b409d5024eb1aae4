package org.segtrain.engine.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a forward pass computes, for inputs of any size: statements in order, each over earlier
 * ones. The first are the inputs. Sizes are expressions too: {@code torch.size($0, $1)} of a
 * statement, and integer arithmetic over such.
 *
 * @param inputs the number of statements that stand for inputs
 * @param statements in the order of computation
 * @param outputs what the pass returns
 * @param parameters the arrays of the block by their names in the state dict, those of several
 *     names under the first
 * @param repeats the further names of arrays, each with that in {@code parameters}
 * @param learned the names of those that a gradient can change
 */
public record Graph(
    int inputs,
    List<Statement> statements,
    List<Expr> outputs,
    Map<String, NDArray> parameters,
    Map<String, String> repeats,
    List<String> learned) {

  /** Operations whose result may share the memory of the first of their arguments. */
  public static final Set<String> VIEWS =
      Set.of(
          "torch.reshape",
          "torch.reshape_as",
          "torch.view",
          "torch.view_as",
          "torch.as_strided",
          "torch.flatten",
          "torch.unflatten",
          "torch.unsqueeze",
          "torch.squeeze",
          "torch.permute",
          "torch.transpose",
          "torch.swapaxes",
          "torch.movedim",
          "torch.t",
          "torch.diagonal",
          "torch.unfold",
          "torch.expand",
          "torch.expand_as",
          "torch.split",
          "torch.tensor_split",
          "torch.chunk",
          "torch.unbind",
          "torch.narrow",
          "torch.select",
          "torch.slice",
          "torch.to",
          "torch.detach",
          "torch.alias",
          "torch.contiguous",
          "torch.dropout",
          "torch.feature_dropout");

  /**
   * One array, or one list of arrays.
   *
   * @param value what is computed; null for an input
   * @param type of the elements; null for a list of arrays
   * @param dimensions the number of axes; -1 for a list of arrays
   * @param block the block that asked for it, as the state dict names it; empty for the whole
   */
  public record Statement(Expr value, DataType type, int dimensions, String block) {}
}
