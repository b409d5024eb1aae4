package org.segtrain.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that end. */
public final class Regular {

  private static final int TEXT = 1 << 26; // bytes that a text of people has at most

  private Regular() {}

  /**
   * A file to read.
   *
   * @throws FileSystemException if it is a device or a pipe, which may never end
   */
  public static InputStream open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "it is a device or a pipe");
    }
    return Files.newInputStream(file);
  }

  /**
   * A text in UTF-8, also from a pipe, as a shell's {@code <(...)} is.
   *
   * @throws FileSystemException if it is longer than any that people write
   * @throws CharacterCodingException if it is in another encoding
   */
  public static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(TEXT + 1);
    }
    if (bytes.length > TEXT) {
      throw new FileSystemException(
          file.toString(), null, "it has more than %d MB, so it is no text".formatted(TEXT >> 20));
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
