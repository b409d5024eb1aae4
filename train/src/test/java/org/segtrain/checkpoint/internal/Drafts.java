package org.segtrain.checkpoint.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What writers leave beside their files when they are killed. */
public final class Drafts {

  private Drafts() {}

  /** Whether there is one of {@code file}. */
  public static boolean exist(Path file) throws IOException {
    String start = "." + file.getFileName() + ".";
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            file.toAbsolutePath().getParent(),
            other -> other.getFileName().toString().startsWith(start))) {
      return left.iterator().hasNext();
    }
  }

  /** Leaves one of {@code file}. */
  public static void leave(Path file) throws IOException {
    Path draft =
        Files.createDirectory(file.resolveSibling("." + file.getFileName() + ".1f-2e.part"));
    Files.createFile(draft.resolve("lock"));
    Files.writeString(draft.resolve("content"), "half");
  }
}
