package org.segtrain.cli.texts;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.DataException;
import org.segtrain.measure.internal.Memory;

/** What to tell a person about an exception, in one sentence. */
final class Sentences {

  /** Options by which the engine needs less memory. */
  private static final List<String> SIZES = List.of("--crop", "--batch");

  /** Those by which the Java heap, which holds images before their crop, needs less. */
  private static final List<String> HEAP_SIZES = List.of("--crop", "--batch", "--max-scale");

  private Sentences() {}

  /**
   * The sentence for {@code error}.
   *
   * @param options that the command has
   */
  public static String of(Throwable error, Set<String> options) {
    if (!(error instanceof DataException) && Shortage.isSaidBy(error)) {
      return outOfMemory(error, options);
    }
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return "unexpected %s; run again with --stacktrace and report what it prints"
          .formatted(error.getClass().getSimpleName());
    }
    return error instanceof DataException
        ? new OptionNames(options).of(error)
        : firstLine(new OptionNames(options).of(error));
  }

  /** What to do against too little memory. */
  private static String smaller(List<String> sizes, Set<String> options) {
    String known = sizes.stream().filter(options::contains).collect(Collectors.joining(", "));
    return known.isEmpty()
        ? "end other programs"
        : "lower " + known.replaceFirst(", ([^,]*)$", " or $1");
  }

  private static String outOfMemory(Throwable error, Set<String> options) {
    if (Shortage.isOfHeap(error)) {
      return "the Java heap is full, which may grow to %s; %s, or let it grow with SEGTRAIN_OPTS=-Xmx8g"
          .formatted(Memory.size(Memory.heapMax()), smaller(HEAP_SIZES, options));
    }
    return "the engine got no memory%s (the machine has %s); %s"
        .formatted(
            Shortage.wanted(error).map(" for an array of "::concat).orElse(""),
            Memory.size(Memory.machine()),
            smaller(SIZES, options));
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElseThrow();
  }
}
