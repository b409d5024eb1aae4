package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.texts.OptionNames;
import org.segtrain.cli.texts.Printable;
import org.segtrain.cli.texts.ShortErrors;
import org.segtrain.data.Photograph;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** Files that failed in a run over many, told when all others are done. */
final class BadFiles {

  private final CommandSpec spec;
  private final OnError onError;
  private final List<String> sentences = new ArrayList<>();
  private int more; // images than sentences

  BadFiles(CommandSpec spec, OnError onError) {
    this.spec = spec;
    this.onError = onError;
  }

  /**
   * Adds a file, if the file is at fault.
   *
   * @param photograph what it holds; null if it could not be read
   * @throws RuntimeException {@code error}, if it is not
   */
  void add(Path file, Photograph photograph, Throwable error) {
    if (error instanceof DataException) {
      sentences.add(ShortErrors.sentence(error, spec));
    } else if (ShortErrors.isOutOfMemory(error)) {
      String what =
          photograph == null
              ? ""
              : " (%d x %d pixels)".formatted(photograph.width(), photograph.height());
      sentences.add("%s%s: %s".formatted(file, what, ShortErrors.sentence(error, spec)));
    } else if (error instanceof RuntimeException bug) {
      throw bug;
    } else {
      throw (Error) error;
    }
  }

  /**
   * Adds a fault of several images at once.
   *
   * @param images how many
   */
  void addOf(String sentence, int images) {
    sentences.add(sentence);
    more += images - 1;
  }

  /** Adds faults of files that the library found. */
  void addAll(List<String> more) {
    OptionNames options = new OptionNames(spec.optionsMap().keySet());
    more.forEach(sentence -> sentences.add(options.in(sentence)));
  }

  /** Tells them on the error stream. */
  PrintWriter tell() {
    PrintWriter err = spec.commandLine().getErr();
    String name = spec.qualifiedName();
    sentences.forEach(line -> err.println(Printable.of("%s: %s".formatted(name, line))));
    err.flush();
    return err;
  }

  /** Tells them on the error stream, if there are any, and how many; returns the exit code. */
  int report(int all) {
    if (sentences.isEmpty()) {
      return ExitCode.OK;
    }
    PrintWriter err = tell();
    String name = spec.qualifiedName();
    if (all == 1 && onError == OnError.FAIL) {
      err.flush();
      return ExitCode.SOFTWARE; // the sentence says it all
    }
    err.println(
        onError == OnError.SKIP
            ? "%s: skipped %d of %s"
                .formatted(name, sentences.size() + more, Counted.of(all, "image"))
            : "%s: %d of %s failed, the others are done; --on-error skip only counts such files"
                .formatted(name, sentences.size() + more, Counted.of(all, "image")));
    err.flush();
    return onError == OnError.SKIP ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
