package org.segtrain.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.VersionInfo;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;

/**
 * Files of any file system that Hadoop knows. A file appears whole or not at all: it is written
 * under a name that Hadoop's readers skip, and renamed.
 */
final class HadoopFiles {

  private static final int LONGEST_TEXT = 1 << 30;
  private static final char UNREADABLE = '\uFFFD';

  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    void write(OutputStream out) throws IOException;
  }

  private HadoopFiles() {}

  /**
   * The path that a user wrote.
   *
   * @throws UsageException if it is none
   */
  static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("\"%s\" is no path of Hadoop; write another".formatted(text), e);
    }
  }

  /** Its file system. */
  static FileSystem system(Path path, Configuration conf) throws IOException {
    try {
      return path.getFileSystem(conf);
    } catch (IllegalArgumentException e) { // of a host that nobody knows, or a wrong address
      throw new IOException(e.getMessage(), e);
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof ClassNotFoundException)) {
        throw e;
      }
      String scheme = path.toUri().getScheme();
      throw new IOException(
          "the file system %s: has no class here; name its jars, for s3a those of --packages org.apache.hadoop:hadoop-aws:%s"
              .formatted(scheme, VersionInfo.getVersion()),
          e);
    }
  }

  /** Its file system; a local one without check sums beside each file. */
  static FileSystem of(Path path, Configuration conf) throws IOException {
    FileSystem files = system(path, conf);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /**
   * The whole path that a user wrote, since executors have other working folders.
   *
   * @throws UsageException if it is none
   * @throws DataException if its file system cannot be reached
   */
  static Path whole(String text, Configuration conf) {
    Path path = path(text);
    try {
      return system(path, conf).makeQualified(path);
    } catch (IOException e) {
      throw new DataException("cannot reach %s: %s".formatted(text, reason(e)), e);
    }
  }

  /**
   * Refuses local names that Java cannot read in this locale; Hadoop would pass over such files in
   * silence.
   *
   * @throws DataException naming the first
   */
  static void requireReadableNames(java.nio.file.Path folder) throws IOException {
    if ("UTF-8".equals(System.getProperty("sun.jnu.encoding")) || !Files.isDirectory(folder)) {
      return;
    }
    try (Stream<java.nio.file.Path> all = Files.walk(folder)) {
      Optional<java.nio.file.Path> odd =
          all.filter(path -> path.toString().indexOf(UNREADABLE) >= 0).findFirst();
      if (odd.isPresent()) {
        throw new DataException(
            "%s has a name that Java cannot read in this locale; start with LC_ALL=C.UTF-8 and --conf spark.executorEnv.LC_ALL=C.UTF-8"
                .formatted(odd.get()));
      }
    }
  }

  /** A path for people: a local one without {@code file:}. */
  static String text(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  /**
   * Writes a file that is not there. If another task writes it meanwhile, one of the two stays;
   * both have the same bytes.
   */
  static void publish(Path file, Configuration conf, Content content) throws IOException {
    publish(file, conf, content, false);
  }

  private static void publish(Path file, Configuration conf, Content content, boolean isInstead)
      throws IOException {
    FileSystem files = of(file, conf);
    Path draft = new Path(file.getParent(), "._%s.tmp".formatted(UUID.randomUUID()));
    boolean isInPlace = false;
    try {
      try (OutputStream out = files.create(draft, false)) {
        content.write(out);
      }
      if (isInstead) {
        files.delete(file, false); // rename of most file systems replaces none
      }
      if (files.exists(file) && files.getFileStatus(file).isDirectory()) { // else it goes in there
        throw new IOException("a folder is in its place");
      }
      isInPlace = files.rename(draft, file);
      if (!isInPlace && !isFile(file, conf)) {
        throw new IOException("it could not be renamed from " + draft.getName());
      }
    } catch (FSError e) { // what Hadoop makes of an exception of a local disk
      throw new IOException(e.getCause().getMessage(), e);
    } finally {
      if (!isInPlace) {
        files.delete(draft, false);
      }
    }
  }

  /** Whether a file is there, and something in it. */
  static boolean isFile(Path file, Configuration conf) throws IOException {
    try {
      FileStatus status = of(file, conf).getFileStatus(file);
      return status.isFile() && status.getLen() > 0;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /**
   * Refuses a file that {@link #replace} would refuse, and a folder in which nothing can be
   * written, before anything is computed.
   *
   * @throws DataException naming it
   */
  static void requireReplaceable(Path file, Configuration conf, String head) {
    try {
      requireOwn(file, conf, head);
      Path probe = new Path(file.getParent(), "._%s.tmp".formatted(UUID.randomUUID()));
      publish(probe, conf, out -> out.write('.'));
      of(probe, conf).delete(probe, false);
    } catch (IOException e) {
      throw unwritten(file, e);
    }
  }

  private static boolean requireOwn(Path file, Configuration conf, String head) throws IOException {
    FileSystem files = of(file, conf);
    boolean isThere = files.exists(file);
    if (isThere && !begins(files, file, head)) {
      throw new DataException(
          "%s is there and is no earlier result, so it is not overwritten; choose another folder"
              .formatted(text(file)));
    }
    return isThere;
  }

  private static DataException unwritten(Path file, IOException e) {
    return new DataException(
        "cannot write %s: %s; make room, let it be written, or choose another folder"
            .formatted(text(file), reason(e)),
        e);
  }

  /**
   * Writes a text in the place of an earlier one.
   *
   * @param head the beginning of each such text
   * @throws DataException if something else is there, or it cannot be written
   */
  static void replace(Path file, Configuration conf, String text, String head) {
    try {
      boolean isInstead = requireOwn(file, conf, head);
      publish(file, conf, out -> out.write(text.getBytes(StandardCharsets.UTF_8)), isInstead);
    } catch (IOException e) {
      throw unwritten(file, e);
    }
  }

  private static boolean begins(FileSystem files, Path file, String head) throws IOException {
    byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
    try (InputStream in = files.open(file)) {
      return new String(in.readNBytes(bytes.length), StandardCharsets.UTF_8).equals(head);
    }
  }

  /** The text of a file, without a byte order mark. */
  static String read(Path file, Configuration conf) throws IOException {
    try (InputStream in = of(file, conf).open(file)) {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(in.readNBytes(LONGEST_TEXT)))
          .toString()
          .replace("\uFEFF", "");
    }
  }

  /** The reason, in a few words; Hadoop's exceptions are not those of {@code java.nio}. */
  static String reason(IOException e) {
    if (String.valueOf(e.getMessage()).startsWith("Mkdirs failed")) {
      return "its folder cannot be made, as on a full or read-only disk";
    }
    if (e.getCause() instanceof IllegalArgumentException wrong
        && wrong.getCause() instanceof UnknownHostException host) {
      return "there is no host " + host.getMessage();
    } else if (e instanceof FileNotFoundException
        && !String.valueOf(e.getMessage()).contains("(")) {
      return "there is no such file or folder";
    } else if (e instanceof AccessControlException
        || String.valueOf(e.getMessage()).endsWith("(Permission denied)")) {
      return "permission denied";
    }
    return IoReason.of(e).strip().lines().findFirst().orElse("no reason is given");
  }
}
