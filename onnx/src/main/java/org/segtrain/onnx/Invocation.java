package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.segtrain.torchscript.Expr;

/** One call of an operation: its arguments, by position, in the form that ONNX wants them in. */
final class Invocation {

  private static final Expr NONE = new Expr.None();

  private final Operation operation;
  private final Translation translation;

  Invocation(Operation operation, Translation translation) {
    this.operation = operation;
    this.translation = translation;
  }

  Node node(String operator) {
    return translation.nodes().node(operator);
  }

  Nodes nodes() {
    return translation.nodes();
  }

  Sizes sizes() {
    return translation.sizes();
  }

  /** Argument {@code i}; none where the call has no such. */
  Expr argument(int i) {
    return i < operation.arguments().size() ? operation.arguments().get(i) : NONE;
  }

  private Expr argument(String name) {
    return operation.named().getOrDefault(name, NONE);
  }

  boolean has(int i) {
    return !(argument(i) instanceof Expr.None);
  }

  /** The array at {@code i}, or null if there is none. */
  Tensor array(int i) {
    return has(i) ? translation.array(argument(i)) : null;
  }

  /** The array or number at {@code i} with elements of {@code type}. */
  Tensor array(int i, DataType type) {
    Expr e = argument(i);
    if (e instanceof Expr.Real real) {
      return nodes().number(real.value(), type);
    } else if (e instanceof Expr.Bool flag) {
      return nodes().number(flag.value() ? 1 : 0, type);
    } else if (Integers.isInteger(e)) {
      OptionalLong constant = Integers.constant(e);
      return constant.isPresent()
          ? nodes().number(constant.getAsLong(), type)
          : cast(sizes().scalar(e), type);
    }
    return cast(array(i), type);
  }

  /** The list of arrays at {@code i}, with elements of the type that PyTorch joins them in. */
  List<Tensor> arrays(int i) {
    List<Tensor> all = items(i).stream().map(translation::array).toList();
    DataType type = Types.promoted(List.of(all.stream().map(Tensor::type).toList()));
    return all.stream().map(array -> cast(array, type)).toList();
  }

  /** {@code array} with elements of {@code type}. */
  Tensor cast(Tensor array, DataType type) {
    return array.type() == type
        ? array
        : node("Cast").in(array).set("to", Types.onnx(type)).out(type, array.rank());
  }

  /** The type that PyTorch computes the arguments at {@code places} in. */
  DataType promoted(int... places) {
    List<DataType> arrays = new ArrayList<>();
    List<DataType> scalars = new ArrayList<>();
    List<DataType> numbers = new ArrayList<>();
    for (int i : places) {
      Expr e = argument(i);
      if (e instanceof Expr.Real) {
        numbers.add(DataType.FLOAT32);
      } else if (e instanceof Expr.Bool) {
        numbers.add(DataType.BOOLEAN);
      } else if (Integers.isInteger(e)) {
        numbers.add(DataType.INT64);
      } else if (has(i)) {
        Tensor array = array(i);
        (array.rank() > 0 ? arrays : scalars).add(array.type());
      }
    }
    return Types.promoted(List.of(arrays, scalars, numbers));
  }

  /** The highest rank of the arguments at {@code places}: that of their broadcast. */
  int rank(int... places) {
    return IntStream.of(places)
        .filter(i -> has(i) && !isNumber(i))
        .map(i -> array(i).rank())
        .max()
        .orElse(0);
  }

  private boolean isNumber(int i) {
    Expr e = argument(i);
    return e instanceof Expr.Real || e instanceof Expr.Bool || Integers.isInteger(e);
  }

  /** The list at {@code i}. */
  List<Expr> items(int i) {
    if (!(argument(i) instanceof Expr.Items list)) {
      throw new Refusal("argument %d is no list".formatted(i));
    }
    return list.items();
  }

  /** The integers at {@code i}, which may depend on sizes, as one array. */
  Tensor sizes(int i) {
    return sizes().list(items(i));
  }

  /** The integer at {@code i}, which must be the same for all sizes. */
  long integer(int i) {
    return constant(argument(i));
  }

  /** The integers at {@code i}, which must be the same for all sizes. */
  List<Long> integers(int i) {
    return has(i) ? items(i).stream().map(Invocation::constant).toList() : List.of();
  }

  private static long constant(Expr e) {
    return Integers.constant(e)
        .orElseThrow(
            () -> new Refusal("ONNX wants a number that depends on the size of the image fixed"));
  }

  /** The number at {@code i}, or {@code otherwise} if there is none. */
  double number(int i, double otherwise) {
    return number(argument(i), otherwise);
  }

  /** The number with that name, or {@code otherwise} if there is none. */
  double number(String name, double otherwise) {
    return number(argument(name), otherwise);
  }

  private static double number(Expr e, double otherwise) {
    if (e instanceof Expr.Real real) {
      return real.value();
    }
    return e instanceof Expr.None ? otherwise : constant(e);
  }

  /** The flag at {@code i}; false where there is none. */
  boolean flag(int i) {
    return argument(i) instanceof Expr.Bool flag && flag.value();
  }

  /** The type of elements at {@code i}. */
  DataType type(int i) {
    return type(argument(i));
  }

  /** The type of elements with that name. */
  DataType type(String name) {
    return type(argument(name));
  }

  private static DataType type(Expr e) {
    if (e instanceof Expr.None) {
      return DataType.FLOAT32;
    }
    return e instanceof Expr.Type t ? t.type() : Types.ofTorch(constant(e));
  }

  /**
   * @throws Refusal with the reason, unless {@code holds}
   */
  void require(boolean holds, String reason) {
    if (!holds) {
      throw new Refusal(reason);
    }
  }
}
