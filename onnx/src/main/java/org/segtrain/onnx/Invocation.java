package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.segtrain.engine.internal.Expr;

/** One call of an operation: its arguments, by place, in the form that ONNX wants them in. */
final class Invocation {

  private static final Pattern TEXT = Pattern.compile("([\"'])(.*)\\1");

  private final Arguments arguments;
  private final Translation translation;

  Invocation(Operation operation, Translation translation) {
    this.arguments = new Arguments(operation);
    this.translation = translation;
  }

  Node node(String operator) {
    return translation.nodes().node(operator);
  }

  Nodes nodes() {
    return translation.nodes();
  }

  SizeArrays sizes() {
    return translation.sizes();
  }

  /** Argument {@code i}; none where the call has no such. */
  Expr argument(int i) {
    return arguments.at(i);
  }

  /** Passes over the arguments at {@code places}, which do not change what is computed. */
  void ignore(int... places) {
    for (int i : places) {
      arguments.at(i);
    }
  }

  /**
   * Checks that the lowering asked for all arguments.
   *
   * @throws Refusal if not, naming the argument
   */
  void requireAllAsked() {
    arguments.requireAllAsked();
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
    return nodes().cast(array, type);
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
      } else if (e instanceof Expr.Bool || Integers.isInteger(e)) { // a flag counts as one or zero
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
    return IntStream.of(places).filter(this::isArray).map(i -> array(i).rank()).max().orElse(0);
  }

  /** Whether an array is at {@code i}, rather than a number or nothing. */
  boolean isArray(int i) {
    Expr e = argument(i);
    boolean isNumber = e instanceof Expr.Real || e instanceof Expr.Bool || Integers.isInteger(e);
    return has(i) && !isNumber;
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

  /** The same, or {@code otherwise} if there is none. */
  long integer(int i, long otherwise) {
    return has(i) ? integer(i) : otherwise;
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
    return number(arguments.named(name), otherwise);
  }

  private static double number(Expr e, double otherwise) {
    if (e instanceof Expr.Real real) {
      return real.value();
    }
    return e instanceof Expr.None ? otherwise : constant(e);
  }

  /** The flag at {@code i}; false where there is none. */
  boolean flag(int i) {
    return flag(i, false);
  }

  /** The flag at {@code i}, or {@code otherwise} if there is none. */
  boolean flag(int i, boolean otherwise) {
    if (argument(i) instanceof Expr.Bool flag) {
      return flag.value();
    }
    require(!has(i), "argument %d is no flag".formatted(i));
    return otherwise;
  }

  /** The text with that name, {@code floor} of {@code "floor"}; empty if there is none. */
  String text(String name) {
    Expr e = arguments.named(name);
    if (e instanceof Expr.None) {
      return "";
    }
    Matcher text = TEXT.matcher(e instanceof Expr.Call call ? call.template() : "");
    require(text.matches(), "argument %s is no text".formatted(name));
    return text.group(2);
  }

  /** The type of elements at {@code i}. */
  DataType type(int i) {
    return type(argument(i));
  }

  /** The type of elements with that name, or {@code otherwise} if there is none. */
  DataType type(String name, DataType otherwise) {
    Expr e = arguments.named(name);
    return e instanceof Expr.None ? otherwise : type(e);
  }

  private static DataType type(Expr e) {
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
