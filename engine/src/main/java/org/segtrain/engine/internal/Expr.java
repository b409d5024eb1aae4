package org.segtrain.engine.internal;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** An expression over the arrays of a recorded forward pass. */
public sealed interface Expr {

  /**
   * The value of a statement of the {@link Graph}.
   *
   * @param id its place
   */
  record Var(int id) implements Expr {}

  /**
   * An array of the block.
   *
   * @param name in the state dict
   */
  record Parameter(String name) implements Expr {}

  /**
   * An integer: a size, an axis, an index.
   *
   * @param value the integer
   */
  record Int(long value) implements Expr {}

  /**
   * A number that is no integer.
   *
   * @param value the number
   */
  record Real(double value) implements Expr {}

  /**
   * A flag.
   *
   * @param value the flag
   */
  record Bool(boolean value) implements Expr {}

  /** The absence of an argument. */
  record None() implements Expr {}

  /**
   * A type of elements.
   *
   * @param type the type
   */
  record Type(DataType type) implements Expr {}

  /**
   * An array of numbers that the pass made, the same whatever the input.
   *
   * @param values row by row
   * @param type of the elements
   * @param shape of the array
   */
  record Constant(List<Number> values, DataType type, Shape shape) implements Expr {
    public Constant {
      values = List.copyOf(values);
    }
  }

  /**
   * A list, of sizes or of arrays.
   *
   * @param items its elements
   */
  record Items(List<Expr> items) implements Expr {
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * An operation.
   *
   * @param template TorchScript with {@code $0}, {@code $1}, ... in the places of the arguments,
   *     {@code torch.add($0, $1)}; it also is the operation's name
   * @param arguments put there
   */
  record Call(String template, List<Expr> arguments) implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}
