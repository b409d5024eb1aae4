package org.segtrain.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import org.segtrain.errors.IoReason;
import picocli.CommandLine.ExitCode;

/** The output stream, whose errors Java's writers swallow. */
final class Output {

  private static final String READ_ENOUGH = "pipe"; // "Broken pipe", in whatever words around it

  private Output() {}

  /**
   * Says on {@code err} if something that was written to {@code out} was lost. A reader that went
   * away, as {@code head} does, had what it wanted.
   *
   * @return the exit code
   */
  static int check(PrintStream out, PrintStream err) {
    if (!out.checkError()) {
      return ExitCode.OK;
    }
    try (OutputStream again = new FileOutputStream(FileDescriptor.out)) {
      again.write('\n'); // to hear the reason
      return lost(err, "it failed once");
    } catch (IOException e) {
      boolean isRead =
          String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(READ_ENOUGH);
      return isRead ? ExitCode.OK : lost(err, IoReason.of(e));
    }
  }

  private static int lost(PrintStream err, String reason) {
    String remedy = reason.contains("space") ? "make room, and run again" : "run again";
    err.println("segtrain: could not write all output: %s; %s".formatted(reason, remedy));
    return ExitCode.SOFTWARE;
  }
}
