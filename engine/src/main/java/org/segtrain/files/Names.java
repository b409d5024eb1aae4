package org.segtrain.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths by other names. */
public final class Names {

  private Names() {}

  /**
   * The whole path without links, {@code .} and {@code ..}; its file need not exist. {@code
   * LINK/../FILE} is beside the folder to which the link leads, as the system reads it.
   *
   * @throws IOException if a folder in it cannot be looked into
   */
  public static Path real(Path path) throws IOException {
    Path whole = path.toAbsolutePath();
    if (Files.exists(whole)) {
      return whole.toRealPath();
    }
    Path parent = whole.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return whole.normalize();
    }
    return parent.toRealPath().resolve(whole.getFileName()).normalize();
  }
}
