package org.segtrain.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Native libraries that this process has loaded, as Linux knows them. */
public final class LoadedLibrary {

  private static final Path MAPS = Path.of("/proc/self/maps");

  private LoadedLibrary() {}

  /**
   * The file of a library; empty if it is not loaded, or this is not Linux.
   *
   * @param name of the file, or its beginning, such as {@code libcudart}
   */
  public static Optional<Path> find(String name) {
    try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.contains("/" + name))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(file -> file.getFileName().toString().startsWith(name))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
