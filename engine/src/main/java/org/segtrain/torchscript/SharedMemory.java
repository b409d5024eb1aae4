package org.segtrain.torchscript;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/** Which arguments a call changes in place, and which its result may share its memory with. */
final class SharedMemory {

  /** A function in place, as PyTorch marks it, or the array that a result goes to. */
  private static final String CHANGE = "((?:torch|ops\\.\\w+)\\.\\w*[a-z0-9]_\\(|\\bout *= *)";

  /** The same as a method of what is before the dot. */
  private static final String METHOD = "\\.\\w*[a-z0-9]_\\(";

  private static final Pattern IN_PLACE = Pattern.compile(CHANGE + "|" + METHOD);

  /** The beginning of an expression that is an argument, an item of one or a method's result. */
  private static final Pattern ARGUMENT = Pattern.compile("[ (]*\\$(\\d) *(?=[\\[.,)]|$)");

  private static final Pattern FUNCTION = Pattern.compile("[ (]*(torch\\.\\w+)\\(");
  private static final Pattern PLACE = Pattern.compile("\\$(\\d)");

  private SharedMemory() {}

  /** The arguments of {@code call} that it, or an operation inside it, changes. */
  static List<Expr> changed(Expr.Call call) {
    String template = call.template();
    return IN_PLACE
        .matcher(template)
        .results()
        .flatMapToInt(
            change ->
                change.group(1) == null
                    ? places(template.substring(0, change.start()))
                    : viewed(template.substring(change.end())))
        .distinct()
        .mapToObj(call.arguments()::get)
        .toList();
  }

  /** The argument whose memory the result of {@code call} may share, if there is one. */
  static Stream<Expr> viewed(Expr.Call call) {
    return viewed(call.template()).mapToObj(call.arguments()::get);
  }

  /** The place whose memory the expression that {@code code} begins with may share. */
  private static IntStream viewed(String code) {
    Matcher argument = ARGUMENT.matcher(code);
    if (argument.lookingAt()) {
      return IntStream.of(Integer.parseInt(argument.group(1)));
    }
    Matcher function = FUNCTION.matcher(code);
    return function.lookingAt() && Graph.VIEWS.contains(function.group(1))
        ? viewed(code.substring(function.end()))
        : IntStream.of();
  }

  /** All places in {@code code}: whatever a method in place is called on. */
  private static IntStream places(String code) {
    return PLACE.matcher(code).results().mapToInt(place -> Integer.parseInt(place.group(1)));
  }
}
