package org.segtrain.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** The header of an image, without its pixels. */
final class Header {

  private Header() {}

  /** Asks a decoder that has read no pixel. */
  interface Question<T> {
    T of(ImageReader reader) throws IOException;
  }

  /**
   * Asks the decoder of a file of that kind.
   *
   * @throws IOException if its header is broken
   * @throws org.segtrain.errors.DataException if no decoder knows it
   */
  static <T> T read(Path file, ImageFormat format, Question<T> question) throws IOException {
    try (ImageInputStream in = stream(file)) {
      return read(file, format, in, question);
    }
  }

  /** The same of a file that is read through {@code in}. */
  static <T> T read(Path file, ImageFormat format, ImageInputStream in, Question<T> question)
      throws IOException {
    ImageReader reader =
        Decoders.find(format, in)
            .orElseThrow(() -> Decoding.damaged(file, "no decoder knows it", null));
    try {
      reader.setInput(in, true, true);
      return question.of(reader);
    } finally {
      reader.dispose();
    }
  }

  /** Of a file of the disk, or of one in an archive that Java has mounted. */
  private static ImageInputStream stream(Path file) throws IOException {
    return file.getFileSystem().equals(FileSystems.getDefault())
        ? new FileImageInputStream(file.toFile())
        : new MemoryStream(new ByteArrayInputStream(Files.readAllBytes(file)));
  }
}
