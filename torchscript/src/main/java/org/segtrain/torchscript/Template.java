package org.segtrain.torchscript;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A TorchScript expression with its arguments put in.
 *
 * @param code the expression; arrays are called {@code a0}, {@code a1}, ...
 * @param arrays the arrays that travel at run time, in that order
 */
record Template(String code, NDList arrays) {

  private static final Pattern ARGUMENT = Pattern.compile("\\$(\\d)");

  /**
   * Puts {@code arguments} in the places {@code $0}, {@code $1}, ... of {@code expression}.
   *
   * <p>Numbers and booleans become code. A {@link Shape} becomes a list of integers that travel at run
   * time, as the shape of an array without elements, since each new code is compiled and kept for ever.
   */
  static Template render(String expression, Object... arguments) {
    NDList arrays = new NDList();
    String[] rendered = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      rendered[i] = render(arguments[i], arrays);
    }
    Matcher matcher = ARGUMENT.matcher(expression);
    String code =
        matcher.replaceAll(
            m -> Matcher.quoteReplacement(rendered[Integer.parseInt(m.group(1))]));
    return new Template(code, arrays);
  }

  /** A method {@code forward} that returns the value of the expression. */
  String asMethod() {
    String parameters =
        IntStream.range(0, arrays.size()).mapToObj(i -> ", a" + i + ": Tensor").collect(joining());
    return """
        def forward(self: __torch__.Model%s) -> Tensor:
          return %s
        """
        .formatted(parameters, code);
  }

  private static String render(Object argument, NDList arrays) {
    if (argument == null) {
      return "None";
    } else if (argument instanceof NDArray array) {
      return add(array, arrays);
    } else if (argument instanceof Shape sizes) {
      Shape carrier = sizes.add(0);
      String name =
          add(arrays.head().getManager().create(carrier, DataType.UINT8), arrays);
      return IntStream.range(0, sizes.dimension())
          .mapToObj(axis -> "torch.size(%s, %d)".formatted(name, axis))
          .collect(joining(", ", "[", "]"));
    } else if (argument instanceof Boolean flag) {
      return flag ? "True" : "False";
    } else if (argument instanceof Double || argument instanceof Float) {
      return String.format(Locale.ROOT, "%s", ((Number) argument).doubleValue());
    } else if (argument instanceof Integer || argument instanceof Long) {
      return argument.toString();
    }
    throw new IllegalArgumentException(
        "an operation takes arrays, shapes, numbers and booleans, but got a "
            + argument.getClass().getSimpleName());
  }

  private static String add(NDArray array, NDList arrays) {
    arrays.add(array);
    return "a" + (arrays.size() - 1);
  }
}
