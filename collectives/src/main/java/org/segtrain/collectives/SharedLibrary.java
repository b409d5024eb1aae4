package org.segtrain.collectives;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The native library that makes process groups. */
final class SharedLibrary {

  private static boolean loaded;

  private SharedLibrary() {}

  /** Loads it once. */
  static synchronized void load(boolean cuda) {
    if (loaded) {
      return;
    }
    try (InputStream in = SharedLibrary.class.getResourceAsStream("linux-x86_64.so")) {
      Path file = Files.createTempFile("segtrain", ".so");
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      System.load(file.toString());
      loaded = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
