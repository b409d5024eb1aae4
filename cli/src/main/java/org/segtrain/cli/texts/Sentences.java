package org.segtrain.cli.texts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.measure.internal.Memory;

/** One sentence for a person about an exception or error. */
final class Sentences {

  /** Options by which the engine needs less memory. */
  private static final List<String> SIZES = List.of("--crop", "--size", "--batch");

  /** Those by which the Java heap, which holds images before their crop, needs less. */
  private static final List<String> HEAP_SIZES =
      List.of("--crop", "--size", "--batch", "--max-scale");

  /** For a command that only runs a model, whose crop is that of its training. */
  private static final String WINDOW = "--window";

  private static final String NO_ROOM = "No space left on device";

  /** What to do about the system's reasons, where nothing else is said behind them. */
  private static final Map<String, String> ADVICE =
      Map.of(
          NO_ROOM,
          "make room",
          "Disk quota exceeded",
          "make room",
          "File too large",
          "raise the limit of a file's size (ulimit -f)");

  private static final String REPORT = "run again with --stacktrace and report what it prints";

  /** Exceptions of a mistake in the program, with messages about its variables. */
  private static final List<Class<? extends Throwable>> MISTAKES =
      List.of(
          NullPointerException.class,
          ClassCastException.class,
          IndexOutOfBoundsException.class,
          NegativeArraySizeException.class,
          ArrayStoreException.class,
          ArithmeticException.class,
          UnsupportedOperationException.class,
          Error.class);

  private Sentences() {}

  /**
   * The sentence for {@code error}.
   *
   * @param options that the command has
   */
  public static String of(Throwable error, Set<String> options) {
    String sentence = sentence(error, options);
    return ADVICE.entrySet().stream()
        .filter(reason -> sentence.endsWith(reason.getKey()))
        .map(reason -> "%s; %s".formatted(sentence, reason.getValue()))
        .findFirst()
        .orElse(sentence);
  }

  private static String sentence(Throwable error, Set<String> options) {
    if (error instanceof DataException) {
      return new OptionNames(options).of(error);
    } else if (Shortage.isSaidBy(error)) {
      return outOfMemory(error, options);
    }
    return path(error)
        .or(() -> unpacking(error))
        .or(() -> library(error))
        .or(() -> files(error))
        .or(() -> stack(error))
        .orElseGet(() -> other(error, options));
  }

  /** Remedies for too little memory. */
  private static String smaller(List<String> sizes, Set<String> options) {
    if (options.contains(WINDOW) && !options.contains("--batch")) {
      return "cut images into windows, as by --window 512, or smaller ones";
    }
    String known = sizes.stream().filter(options::contains).collect(Collectors.joining(", "));
    return known.isEmpty()
        ? "end other programs"
        : "lower " + known.replaceFirst(", ([^,]*)$", " or $1");
  }

  private static String outOfMemory(Throwable error, Set<String> options) {
    if (Shortage.isOfThreads(error)) {
      return "the system lets this process begin no more threads; lower %s or raise the limit (ulimit -u)"
          .formatted(options.contains("--workers") ? "--workers or --threads," : "--threads,");
    } else if (Shortage.isOfHeap(error)) {
      return "the Java heap of at most %s is full; %s, or let it grow with SEGTRAIN_OPTS=-Xmx%dg"
          .formatted(
              Memory.size(Memory.heapMax()),
              smaller(HEAP_SIZES, options),
              Math.max(8, 2 * (Memory.heapMax() >> 30)));
    }
    return "the engine got no memory%s (the machine has %s); %s"
        .formatted(
            Shortage.wanted(error).map(" for an array of "::concat).orElse(""),
            Memory.size(Memory.machine()),
            smaller(SIZES, options));
  }

  /** Of a native library for which there is no place. */
  private static Optional<String> unpacking(Throwable error) {
    Throwable root = root(error);
    String reason = root instanceof IOException wrong ? IoReason.of(wrong) : firstLine(root);
    if (causes(error).anyMatch(cause -> firstLine(cause).startsWith("Failed to extract"))) {
      String place =
          root instanceof FileSystemException named && named.getFile() != null
              ? " to " + named.getFile()
              : "";
      return Optional.of(
          "PyTorch's native libraries cannot be unpacked%s: %s; make room there, or set DJL_CACHE_DIR to another folder"
              .formatted(place, reason));
    }
    if (causes(error).anyMatch(cause -> firstLine(cause).contains("pytorch index file"))) {
      return Optional.of(
          "PyTorch's native library was not found: it is neither among the jars (pytorch-native-cpu, lib/cuda, SEGTRAIN_CUDA_JARS) nor in PYTORCH_LIBRARY_PATH, and DJL cannot download it; see docs/cuda.md");
    }
    boolean isOfLibrary = causes(error).anyMatch(LinkageError.class::isInstance);
    return isOfLibrary && reason.contains(NO_ROOM)
        ? Optional.of(
            "a native library cannot be unpacked (%s); make room there, or name another temporary folder with SEGTRAIN_OPTS=-Djava.io.tmpdir=DIR"
                .formatted(reason))
        : Optional.empty();
  }

  /** Of a class or a native library that cannot be loaded. */
  private static Optional<String> library(Throwable error) {
    List<Throwable> linkage = causes(error).filter(LinkageError.class::isInstance).toList();
    if (linkage.isEmpty()) {
      return Optional.empty();
    }
    Throwable last = linkage.get(linkage.size() - 1);
    if (firstLine(last).contains("failed to map segment")) {
      return Optional.of(
          "a native library finds no room in the memory of this process (%s); raise its limit (ulimit -v)"
              .formatted(firstLine(last)));
    }
    if (firstLine(last).contains("libcuda.so.1: cannot open shared object file")) {
      return Optional.of(
          "PyTorch is built for CUDA (%s), but there is no NVIDIA driver; install one, or start without SEGTRAIN_CUDA and PYTORCH_LIBRARY_PATH"
              .formatted(firstLine(last)));
    }
    return Optional.of(
        last instanceof UnsatisfiedLinkError
            ? "a native library cannot be loaded (%s); remove the folder that it was unpacked to, DJL_CACHE_DIR or ~/.djl.ai, and run again"
                .formatted(firstLine(last))
            : "a part of the program is missing or cannot start (%s); install it again, or %s"
                .formatted(firstLine(root(last)), REPORT));
  }

  /** Of a file, where Java's streams wrap the cause. */
  private static Optional<String> files(Throwable error) {
    IOException wrong =
        error instanceof UncheckedIOException unchecked
            ? unchecked.getCause()
            : error instanceof DirectoryIteratorException listing ? listing.getCause() : null;
    if (wrong == null) {
      return Optional.empty();
    }
    String file =
        wrong instanceof FileSystemException named && named.getFile() != null
            ? named.getFile()
            : "a file";
    return Optional.of("cannot read or write %s: %s".formatted(file, IoReason.of(wrong)));
  }

  /** Of a path in a configuration or a list, with a letter that none may have. */
  private static Optional<String> path(Throwable error) {
    return causes(error)
        .filter(InvalidPathException.class::isInstance)
        .map(InvalidPathException.class::cast)
        .map(wrong -> "\"%s\" is no path on this system; write another".formatted(wrong.getInput()))
        .findFirst();
  }

  private static Optional<String> stack(Throwable error) {
    return causes(error).anyMatch(StackOverflowError.class::isInstance)
        ? Optional.of(
            "the Java stack is full, as with a pattern or a file that is nested too deeply; simplify it, or let the stack grow with SEGTRAIN_OPTS=-Xss16m")
        : Optional.empty();
  }

  private static String other(Throwable error, Set<String> options) {
    String message = error.getMessage();
    String kind = error.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return "unexpected %s; %s".formatted(kind, REPORT);
    }
    String said = new OptionNames(options).of(error).strip().lines().findFirst().orElseThrow();
    return MISTAKES.stream().anyMatch(mistake -> mistake.isInstance(error))
        ? "unexpected %s (%s); %s".formatted(kind, said, REPORT)
        : said;
  }

  private static Throwable root(Throwable error) {
    return causes(error).reduce((outer, inner) -> inner).orElseThrow();
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause);
  }

  private static String firstLine(Throwable error) {
    return String.valueOf(error.getMessage()).strip().lines().findFirst().orElse("");
  }
}
