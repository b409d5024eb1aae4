package org.segtrain.data;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.segtrain.files.Regular;

/** Texts that people write, as UTF-8. */
final class TextFile {

  private static final String MARK = "\uFEFF"; // of the byte order

  private TextFile() {}

  /**
   * A text without a byte order mark.
   *
   * @throws FileSystemException if it is only a pointer to it
   * @throws java.nio.charset.CharacterCodingException if it is of another encoding, as of UTF-16,
   *     which is UTF-8 with noughts where it has no mark
   */
  static String read(Path file) throws IOException {
    String text = Regular.text(file);
    if (NoImage.isPointer(text)) {
      throw new FileSystemException(
          file.toString(), null, "it is a Git LFS pointer (git lfs pull)");
    }
    if (text.indexOf('\0') >= 0) {
      throw new MalformedInputException(1);
    }
    return text.replace(MARK, "");
  }
}
