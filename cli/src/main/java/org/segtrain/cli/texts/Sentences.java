package org.segtrain.cli.texts;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.DataException;
import org.segtrain.measure.internal.Memory;

/** What to tell a person about an exception, in one sentence. */
final class Sentences {

  /** Options by which less memory is needed. */
  private static final String[] SIZES = {"--crop", "--batch"};

  private Sentences() {}

  /**
   * The sentence for {@code error}.
   *
   * @param options that the command has
   */
  public static String of(Throwable error, Set<String> options) {
    if (!(error instanceof DataException) && Shortage.isSaidBy(error)) {
      return outOfMemory(error, smaller(options));
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
  private static String smaller(Set<String> options) {
    String known = Stream.of(SIZES).filter(options::contains).collect(Collectors.joining(" or "));
    return known.isEmpty() ? "end other programs" : "lower " + known;
  }

  private static String outOfMemory(Throwable error, String advice) {
    if (Shortage.isOfHeap(error)) {
      return "the Java heap is full, which may grow to %s; %s, or let it grow with SEGTRAIN_OPTS=-Xmx8g"
          .formatted(Memory.size(Memory.heapMax()), advice);
    }
    return "the engine got no memory%s (the machine has %s); %s"
        .formatted(
            Shortage.wanted(error).map(" for an array of "::concat).orElse(""),
            Memory.size(Memory.machine()),
            advice);
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElseThrow();
  }
}
