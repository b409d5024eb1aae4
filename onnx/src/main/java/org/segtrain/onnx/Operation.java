package org.segtrain.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.engine.internal.Expr;

/**
 * A call in TorchScript taken apart: {@code torch.add($0, $1, alpha=2)}.
 *
 * @param name of the function; {@code []} for the item of a list
 * @param arguments by position; calls within the template are calls of their own
 * @param named those that are given by name
 */
record Operation(String name, List<Expr> arguments, Map<String, Expr> named) {

  static final String ITEM = "[]";

  private static final Pattern CALL = Pattern.compile("([\\w.]+)\\((.*)\\)", Pattern.DOTALL);
  private static final Pattern ITEM_OF = Pattern.compile("([^\\[].*)\\[([^\\[\\]]+)]");
  private static final Pattern NAMED = Pattern.compile("(\\w+)=(.*)", Pattern.DOTALL);
  private static final Pattern INTEGER = Pattern.compile("-?\\d+");
  private static final Pattern REAL = Pattern.compile("-?(\\d+\\.?\\d*|\\.\\d+)(e[-+]?\\d+)?");

  /** The outermost operation of {@code call}. */
  static Operation of(Expr.Call call) {
    String text = call.template().strip();
    Matcher item = ITEM_OF.matcher(text);
    if (item.matches()) {
      Expr list = argument(item.group(1), call.arguments());
      return new Operation(
          ITEM, List.of(list, argument(item.group(2), call.arguments())), Map.of());
    }
    Matcher matcher = CALL.matcher(text);
    if (!matcher.matches()) {
      return new Operation(text, List.of(), Map.of());
    }
    List<Expr> arguments = new ArrayList<>();
    Map<String, Expr> named = new LinkedHashMap<>();
    for (String argument : split(matcher.group(2))) {
      Matcher name = NAMED.matcher(argument);
      if (name.matches()) {
        named.put(name.group(1), argument(name.group(2), call.arguments()));
      } else {
        arguments.add(argument(argument, call.arguments()));
      }
    }
    return new Operation(matcher.group(1), List.copyOf(arguments), named);
  }

  private static Expr argument(String text, List<Expr> given) {
    if (text.startsWith("$") && INTEGER.matcher(text.substring(1)).matches()) {
      return given.get(Integer.parseInt(text.substring(1)));
    } else if (text.startsWith("[") && text.endsWith("]")) {
      List<String> items = split(text.substring(1, text.length() - 1));
      return new Expr.Items(items.stream().map(item -> argument(item, given)).toList());
    } else if (INTEGER.matcher(text).matches()) {
      return new Expr.Int(Long.parseLong(text));
    } else if (REAL.matcher(text).matches()) {
      return new Expr.Real(Double.parseDouble(text));
    }
    return switch (text) {
      case "True" -> new Expr.Bool(true);
      case "False", "self.training" -> new Expr.Bool(false);
      case "None" -> new Expr.None();
      default -> new Expr.Call(text, given);
    };
  }

  /** The parts between the commas that are in no brackets. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    String last = text.substring(start).strip();
    if (!last.isEmpty()) {
      parts.add(last);
    }
    return parts;
  }
}
