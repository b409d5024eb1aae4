package org.segtrain.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Jazzer runs: files that it makes, one after the other, given to one target. */
public final class Guided {

  /** The property that names the target. */
  static final String TARGET = "fuzz.target";

  private static final Target CHOSEN = Target.valueOf(System.getProperty(TARGET));
  private static final Fuzzing FUZZING = begun();

  private Guided() {}

  private static Fuzzing begun() {
    try {
      return new Fuzzing(CHOSEN, Files.createTempDirectory(Path.of("target"), "guided"), 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called by Jazzer before it takes the time: it loads the class, which reads the seeds. */
  public static void fuzzerInitialize() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    FUZZING.check("a file", CHOSEN.mended(bytes));
  }
}
