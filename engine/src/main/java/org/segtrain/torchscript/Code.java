package org.segtrain.torchscript;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.ScalarTypes;

/** Expressions as TorchScript. */
final class Code {

  private static final Pattern ARGUMENT = Pattern.compile("\\$(\\d)");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_]\\w*");

  /** Of Python. */
  private static final Set<String> KEYWORDS =
      Set.of(
          ("False None True and as assert async await break class continue def del elif else except"
                  + " finally for from global if import in is lambda nonlocal not or pass raise"
                  + " return try while with yield")
              .split(" "));

  private Code() {}

  /** The TorchScript that computes {@code expr} from {@code v0}, {@code v1}, ... */
  static String of(Expr expr) {
    if (expr instanceof Expr.Var variable) {
      return "v" + variable.id();
    } else if (expr instanceof Expr.Parameter parameter) {
      return attribute(parameter.name());
    } else if (expr instanceof Expr.Int number) {
      return Long.toString(number.value());
    } else if (expr instanceof Expr.Real number) {
      return real(number.value());
    } else if (expr instanceof Expr.Bool flag) {
      return flag.value() ? "True" : "False";
    } else if (expr instanceof Expr.None) {
      return "None";
    } else if (expr instanceof Expr.Type type) {
      return Integer.toString(ScalarTypes.number(type.type()));
    } else if (expr instanceof Expr.Constant constant) {
      return constant(constant);
    } else if (expr instanceof Expr.Items list) {
      return list.items().stream().map(Code::of).collect(joining(", ", "[", "]"));
    }
    return call((Expr.Call) expr);
  }

  private static String call(Expr.Call call) {
    UnaryOperator<String> rendered = digit -> of(call.arguments().get(Integer.parseInt(digit)));
    return ARGUMENT
        .matcher(call.template())
        .replaceAll(place -> Matcher.quoteReplacement(rendered.apply(place.group(1))));
  }

  private static String constant(Expr.Constant constant) {
    Expr.Items shape = (Expr.Items) Arguments.expr(constant.shape());
    return "torch.reshape(torch.tensor(%s, dtype=%s, device=%s), %s)"
        .formatted(
            constant.values().stream().map(Code::number).collect(joining(", ", "[", "]")),
            of(new Expr.Type(constant.type())),
            of(Recorder.device()),
            of(shape));
  }

  private static String number(Number value) {
    return value instanceof Float || value instanceof Double
        ? real(value.doubleValue())
        : Long.toString(value.longValue());
  }

  private static String real(double value) {
    return Double.isFinite(value)
        ? Double.toString(value)
        : "float(\"%s\")".formatted(Double.toString(value).replace("Infinity", "inf"));
  }

  /** Reads {@code a.b.weight}, where a name that is no identifier cannot follow a dot. */
  static String attribute(String path) {
    String code = "self";
    for (String name : List.of(path.split("\\.", -1))) {
      code = isIdentifier(name) ? code + "." + name : "getattr(%s, \"%s\")".formatted(code, name);
    }
    return code;
  }

  static boolean isIdentifier(String name) {
    return IDENTIFIER.matcher(name).matches() && !KEYWORDS.contains(name);
  }
}
