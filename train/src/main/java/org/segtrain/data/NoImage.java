package org.segtrain.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.segtrain.errors.DataException;

/** Texts that are found in the place of images. */
final class NoImage {

  private static final String POINTER = "version https://git-lfs";

  private NoImage() {}

  /** Whether a text stands for a file that Git LFS has not fetched. */
  static boolean isPointer(String text) {
    return text.startsWith(POINTER);
  }

  /**
   * Refuses a file whose first bytes are such a text.
   *
   * @throws DataException if they are
   */
  static void refuse(Path file, byte[] bytes) {
    int length = Math.min(bytes.length, ImageFormat.HEAD);
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    String plain = text.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
    if (isPointer(text)) {
      throw new DataException(
          "%s is a pointer of Git LFS, and not the file; fetch it with git lfs pull"
              .formatted(file));
    } else if (plain.startsWith("<!doctype html") || plain.startsWith("<html")) {
      throw new DataException(
          "%s is a saved web page; save the image itself, or take it out".formatted(file));
    } else if ((plain.startsWith("<") && !plain.contains("<svg")) || plain.startsWith("{\"")) {
      throw new DataException(
          ("%s is a text, perhaps a server's answer instead of the image; fetch it again, or take"
                  + " it out")
              .formatted(file));
    }
  }
}
