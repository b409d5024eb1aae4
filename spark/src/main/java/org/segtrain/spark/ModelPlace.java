package org.segtrain.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.errors.DataException;

/**
 * The file of a model, which Spark copies to every node once.
 *
 * @param given where the user has it
 * @param file the name of the copy
 * @param sha256 of its bytes, 64 digits
 */
record ModelPlace(String given, String file, String sha256) implements Serializable {

  private static final RunFolder RUN = new RunFolder(Path.of(""));

  /** Files of a folder that hold its model, the first one that is there: a run, a DJL folder. */
  private static final List<String> IN_FOLDERS =
      List.of(RUN.best().toString(), RUN.last().toString(), "model.pt");

  private static final Pattern PLAIN = Pattern.compile("[\\w.,:/@=+-]+");

  /** The description of an exported file that another program rewrote. */
  private static final String CARD = "segtrain.json";

  /**
   * Finds a model, of any file system that Spark reads, and hands it to Spark.
   *
   * @throws DataException if there is none
   */
  static ModelPlace share(SparkContext spark, String given) {
    Configuration conf = spark.hadoopConfiguration();
    org.apache.hadoop.fs.Path place = HadoopFiles.path(given);
    try {
      FileSystem files = HadoopFiles.system(place, conf);
      FileStatus status = file(files, files.getFileStatus(place), given);
      String sha256 = sha256(files, status.getPath());
      org.apache.hadoop.fs.Path file = plain(files, status.getPath());
      org.apache.hadoop.fs.Path card =
          new org.apache.hadoop.fs.Path(status.getPath().getParent(), CARD);
      spark.addFile(file.toString());
      if (files.exists(card)) {
        spark.addFile(plain(files, card).toString());
      }
      String name = status.getPath().getName();
      String origin = place.getName().equals(name) ? given : place + "/" + name;
      return new ModelPlace(origin, file.getName(), sha256);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(given, HadoopFiles.reason(e)), e);
    }
  }

  /** The file, or a copy if Spark would take letters of its path for parts of an address. */
  private static org.apache.hadoop.fs.Path plain(FileSystem files, org.apache.hadoop.fs.Path file)
      throws IOException {
    if (PLAIN.matcher(file.toString()).matches()) {
      return file;
    }
    String name = file.getName();
    String plain = name.equals(CARD) ? CARD : name.replaceFirst(".*?(\\.\\w+)?$", "model$1");
    Path copy = Files.createTempDirectory("segtrain-model-").resolve(plain);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(copy)));
    try (InputStream in = files.open(file)) {
      Files.copy(in, copy);
    }
    return new org.apache.hadoop.fs.Path(copy.toUri());
  }

  private static void remove(Path copy) {
    copy.toFile().delete();
    copy.getParent().toFile().delete();
  }

  private static FileStatus file(FileSystem files, FileStatus place, String given)
      throws IOException {
    if (!place.isDirectory()) {
      return place;
    }
    for (String name : IN_FOLDERS) {
      org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(place.getPath(), name);
      if (files.exists(file)) {
        return files.getFileStatus(file);
      }
    }
    throw new DataException(
        "%s has neither checkpoints of a run nor the model.pt of a folder for DJL; give the folder of a run, a checkpoint or an exported file"
            .formatted(given));
  }

  private static String sha256(FileSystem files, org.apache.hadoop.fs.Path file)
      throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(files.open(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Where it is on this node. */
  Path local() {
    return Path.of(SparkFiles.get(file));
  }

  /** A sentence about the copy as one about what the user named. */
  String named(String sentence) {
    return sentence.replace(local().toString(), given);
  }
}
