package org.segtrain.torchscript.export;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.torchscript.Graph;

/** Whose memory TorchScript expressions share and change, as far as their text says it. */
final class Sharing {

  private static final Pattern ARGUMENT = Pattern.compile("\\$(\\d+)(\\[.*])?");
  private static final Pattern CALL = Pattern.compile("([\\w.]+)\\((.*)\\)(\\[[^\\]]*])?");

  /** PyTorch marks with an underscore what changes its first argument. */
  private static final Pattern CHANGE = Pattern.compile("(?<method>\\.?)\\b[a-zA-Z][\\w.]*_\\(");

  private Sharing() {}

  /** The number of the argument whose memory the value of {@code template} may share, if any. */
  static List<Integer> shared(String template) {
    String code = template.strip();
    Matcher argument = ARGUMENT.matcher(code);
    if (argument.matches()) {
      return List.of(Integer.valueOf(argument.group(1)));
    }
    Matcher call = CALL.matcher(code);
    boolean passes =
        call.matches() && (Graph.VIEWS.contains(call.group(1)) || call.group(1).endsWith("_"));
    return passes ? shared(first(call.group(2))) : List.of();
  }

  /** The numbers of the arguments that {@code template} changes in place. */
  static List<Integer> changed(String template) {
    List<Integer> changed = new ArrayList<>();
    Matcher change = CHANGE.matcher(template);
    while (change.find()) {
      changed.addAll(
          change.group("method").isEmpty()
              ? shared(first(template.substring(change.end())))
              : arguments(template.substring(0, change.start())));
    }
    return changed;
  }

  /** All that are read in {@code code}, of which a method may be called. */
  private static List<Integer> arguments(String code) {
    return ARGUMENT.matcher(code).results().map(read -> Integer.valueOf(read.group(1))).toList();
  }

  /** Up to the comma or parenthesis that ends the first of several arguments. */
  private static String first(String arguments) {
    int depth = 0;
    for (int i = 0; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (depth < 0 || (depth == 0 && c == ',')) {
        return arguments.substring(0, i);
      }
    }
    return arguments;
  }
}
