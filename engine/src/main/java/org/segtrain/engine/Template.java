package org.segtrain.engine;

import static java.util.stream.Collectors.joining;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A TorchScript expression with its arguments put in.
 *
 * @param code the expression; what travels is called {@code a0}, {@code a1}, ...
 * @param travelling the arrays and shapes that are passed at run time, in that order
 */
record Template(String code, List<Object> travelling) {

  private static final Pattern ARGUMENT = Pattern.compile("\\$(\\d)");

  /**
   * Puts {@code arguments} in the places {@code $0}, {@code $1}, ... of {@code expression}.
   *
   * <p>Numbers and booleans become code. A {@link Shape} travels at run time, as the shape of an
   * array without elements, since each new code is compiled and kept for ever.
   *
   * @throws IllegalArgumentException if the first argument is no array, one is of a type that
   *     cannot be passed, or one is missing
   */
  static Template render(String expression, Object... arguments) {
    if (arguments.length == 0 || !(arguments[0] instanceof NDArray)) {
      throw new IllegalArgumentException(
          "the first argument of an operation must be an array, whose manager gets the result");
    }
    List<Object> travelling = new ArrayList<>();
    String[] rendered = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      rendered[i] = render(arguments[i], travelling);
    }
    String code =
        ARGUMENT
            .matcher(expression)
            .replaceAll(place -> Matcher.quoteReplacement(pick(rendered, place.group(1))));
    return new Template(code, travelling);
  }

  /** A method {@code forward} that returns the value of the expression. */
  String asMethod() {
    String parameters =
        IntStream.range(0, travelling.size())
            .mapToObj(i -> ", a" + i + ": Tensor")
            .collect(joining());
    return """
        def forward(self: __torch__.Model%s) -> Tensor:
          return %s
        """
        .formatted(parameters, code);
  }

  private static String pick(String[] rendered, String digit) {
    int place = Integer.parseInt(digit);
    if (place >= rendered.length) {
      throw new IllegalArgumentException(
          "the expression uses $%d, but has %d arguments".formatted(place, rendered.length));
    }
    return rendered[place];
  }

  private static String render(Object argument, List<Object> travelling) {
    if (argument == null) {
      return "None";
    } else if (argument instanceof NDArray) {
      return travel(argument, travelling);
    } else if (argument instanceof Shape sizes) {
      String name = travel(argument, travelling);
      return IntStream.range(0, sizes.dimension())
          .mapToObj(axis -> "torch.size(" + name + ", " + axis + ")")
          .collect(joining(", ", "[", "]"));
    } else if (argument instanceof Boolean flag) {
      return flag ? "True" : "False";
    } else if (argument instanceof Integer || argument instanceof Long) {
      return argument.toString();
    } else if (argument instanceof Double || argument instanceof Float) {
      return finite(((Number) argument).doubleValue());
    }
    throw new IllegalArgumentException(
        "an operation takes arrays, shapes, numbers and booleans, but got a "
            + argument.getClass().getSimpleName());
  }

  private static String finite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("an operation takes finite numbers, but got " + number);
    }
    return Double.toString(number);
  }

  private static String travel(Object argument, List<Object> travelling) {
    travelling.add(argument);
    return "a" + (travelling.size() - 1);
  }
}
