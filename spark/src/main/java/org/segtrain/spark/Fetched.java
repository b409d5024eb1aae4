package org.segtrain.spark;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * An image on this node: its own file, or a copy for as long as it is open.
 *
 * @param name of the image, for people
 * @param file where it is read
 */
record Fetched(String name, Path file, boolean isCopy) implements AutoCloseable {

  /** The content of an image. */
  @FunctionalInterface
  private interface Source {
    InputStream open() throws IOException;
  }

  /**
   * Fetches a file, unless it is one of this node.
   *
   * @throws DataException if it cannot be read
   */
  static Fetched of(String name, Configuration conf) {
    org.apache.hadoop.fs.Path place = HadoopFiles.path(name);
    try {
      FileSystem files = HadoopFiles.system(place, conf);
      if (files instanceof LocalFileSystem local) {
        File file = local.pathToFile(place);
        return new Fetched(name, file.toPath(), false);
      }
      return copy(name, () -> files.open(place));
    } catch (IOException e) {
      throw unreadable(name, HadoopFiles.reason(e), e);
    }
  }

  /**
   * An image of that content.
   *
   * @throws DataException if there is no room for a copy
   */
  static Fetched of(String name, byte[] content) {
    try {
      return copy(name, () -> new ByteArrayInputStream(content));
    } catch (IOException e) {
      throw unreadable(name, IoReason.of(e), e);
    }
  }

  private static Fetched copy(String name, Source source) throws IOException {
    Path file = Files.createTempFile("segtrain-", ".image");
    try (InputStream in = source.open()) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return new Fetched(name, file, true);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static DataException unreadable(String name, String reason, IOException e) {
    return new DataException(
        "cannot read %s: %s; replace it or take it out".formatted(name, reason), e);
  }

  /** A sentence about the file as one about the image. */
  String named(String sentence) {
    return sentence.replace(file.toString(), name);
  }

  @Override
  public void close() {
    if (isCopy) {
      file.toFile().delete();
    }
  }
}
