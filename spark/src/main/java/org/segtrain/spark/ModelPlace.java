package org.segtrain.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.FileAlreadyExistsException;
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
import org.segtrain.errors.IoReason;
import org.segtrain.export.ModelCard;

/**
 * The file of a model, which Spark copies to every node once.
 *
 * @param given where the user has it
 * @param name of the file
 * @param file its name among the files of Spark
 * @param card the name of its description among them; empty if it has none
 * @param sha256 of its bytes, 64 digits
 */
record ModelPlace(String given, String name, String file, String card, String sha256)
    implements Serializable {

  private static final RunFolder RUN = new RunFolder(Path.of(""));

  /** Files of a folder that hold its model, the first one that is there: a run, a DJL folder. */
  private static final List<String> IN_FOLDERS =
      List.of(RUN.best().toString(), RUN.last().toString(), "model.pt");

  private static final Pattern PLAIN = Pattern.compile("[\\w.,:/@=+-]+");

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
      org.apache.hadoop.fs.Path model = status.getPath();
      org.apache.hadoop.fs.Path card =
          new org.apache.hadoop.fs.Path(model.getParent(), ModelCard.NAME);
      String sha256 = sha256(files, model);
      String name = model.getName();
      return new ModelPlace(
          place.getName().equals(name) ? given : place + "/" + name,
          name,
          add(spark, files, model, sha256),
          files.exists(card) ? add(spark, files, card, sha256(files, card)) : "",
          sha256);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(given, HadoopFiles.reason(e)), e);
    }
  }

  /**
   * Hands a file to Spark and returns its name there. Spark knows files by their names, so a second
   * file of one name, or one whose address Spark would misread, goes as a copy named by its bytes.
   */
  private static String add(
      SparkContext spark, FileSystem files, org.apache.hadoop.fs.Path file, String sha256)
      throws IOException {
    String name = file.getName();
    if (!isKnown(name) && PLAIN.matcher(file.toString()).matches()) {
      spark.addFile(file.toString());
      return name;
    }
    String own = name.replaceFirst(".*?(\\.\\w+)?$", sha256 + "$1");
    if (!isKnown(own)) {
      Path copy = Files.createTempDirectory("segtrain-model-").resolve(own);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(copy)));
      try (InputStream in = files.open(file)) {
        Files.copy(in, copy);
      }
      spark.addFile(copy.toUri().toString());
    }
    return own;
  }

  /** Whether Spark has a file of that name: the driver has a copy of each. */
  private static boolean isKnown(String name) {
    return Files.exists(Path.of(SparkFiles.get(name)));
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

  /**
   * Its file on this node, in a folder with its description only.
   *
   * @throws DataException if that folder cannot be made
   */
  Path local() {
    Path local = link();
    try {
      Files.createDirectories(local.getParent());
      link(local, file);
      if (!card.isEmpty()) {
        link(local.resolveSibling(ModelCard.NAME), card);
      }
      return local;
    } catch (IOException e) {
      throw new DataException(
          "cannot write %s: %s; make room or let it be written"
              .formatted(local.getParent(), IoReason.of(e)),
          e);
    }
  }

  private Path link() {
    return Path.of(SparkFiles.getRootDirectory(), "model-of-" + file + card, name);
  }

  private static void link(Path link, String file) throws IOException {
    try {
      Files.createSymbolicLink(link, Path.of(SparkFiles.get(file)));
    } catch (FileAlreadyExistsException e) {
      return; // by an earlier task
    }
  }

  /** A sentence about the copy as one about what the user named. */
  String named(String sentence) {
    return sentence.replace(link().toString(), given);
  }
}
