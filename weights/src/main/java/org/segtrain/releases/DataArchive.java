package org.segtrain.releases;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.CheckSum;

/**
 * A zip file with a data set, all of it in one folder.
 *
 * @param name of the data set
 * @param place of the file
 * @param most bytes that it may have
 * @param sha1 its check sum in hexadecimal digits
 * @param folder that everything in it lies in
 * @param terms on which it is given, a sentence
 */
public record DataArchive(
    String name, URI place, long most, String sha1, String folder, String terms) {

  /** ADE20K as the scene parsing benchmark publishes it, 923 MB. */
  public static final DataArchive ADE20K =
      new DataArchive(
          "ade20k",
          URI.create("http://data.csail.mit.edu/places/ADEchallenge/ADEChallengeData2016.zip"),
          1L << 30,
          "219e1696abb36c8ba3a3afe7fb2f4b4606a897c7",
          "ADEChallengeData2016",
          "ADE20K is MIT's (sceneparsing.csail.mit.edu): images for non-commercial research and"
              + " education only, annotations BSD-3-Clause; whoever fetches it accepts the terms of"
              + " that page");

  /** The same from another place, which must have the same bytes. */
  public DataArchive from(URI other) {
    return new DataArchive(name, other, most, sha1, folder, terms);
  }

  /**
   * Fetches the file and unpacks it into a new folder in {@code dir}, unless that is there. An
   * interrupted download resumes. A file that somebody else fetched is used, and stays.
   *
   * @param say gets the terms before anything is fetched, and then each step
   * @return the folder
   * @throws DataException if it cannot be fetched, has another check sum, or cannot be unpacked
   */
  @SuppressWarnings("try") // the lock is there to be closed
  public Path fetch(Path dir, Patience patience, Consumer<String> say, Progress progress) {
    Path target = dir.resolve(folder);
    if (Files.exists(target)) {
      say.accept("%s is there already; nothing was fetched".formatted(target));
      removeLeft(dir);
      return target;
    }
    say.accept(terms);
    Path locked = dir.resolve("." + folder + ".lock");
    try {
      Files.createDirectories(dir);
      try (Lock lock = Lock.of(locked, say)) {
        if (!Files.exists(target)) { // another process may have fetched it meanwhile
          Path file = dir.resolve(folder + ".zip");
          PartFile part = new PartFile(file);
          boolean fetched = !Files.exists(file) || part.isOurs();
          download(part, patience, say, progress);
          say.accept("unpacking %s".formatted(file));
          new Unpacking(file, folder).into(target);
          if (fetched) {
            Files.delete(file);
            part.delete();
          }
        }
        return target;
      } finally {
        Files.deleteIfExists(locked);
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot write to %s: %s; make room, or name another folder"
              .formatted(dir, IoReason.of(e)),
          e);
    }
  }

  /** Removes the file of a process that was killed when it had unpacked it. */
  private void removeLeft(Path dir) {
    Path file = dir.resolve(folder + ".zip");
    PartFile part = new PartFile(file);
    try {
      if (part.isOurs()) {
        Files.deleteIfExists(file);
        part.delete();
      }
    } catch (IOException e) {
      return; // it only takes room
    }
  }

  private void download(PartFile part, Patience patience, Consumer<String> say, Progress progress)
      throws IOException {
    if (Files.exists(part.target())) {
      say.accept("%s is there already; it is checked".formatted(part.target()));
      check(part.target(), false);
      return;
    }
    try {
      new Download(place, part, most, patience, say, progress).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(
          "%s was interrupted; the same command goes on from where it was".formatted(name), e);
    }
    check(part.path(), true);
    part.place();
  }

  private void check(Path file, boolean ours) throws IOException {
    String found = CheckSum.sha1(file);
    if (found.equals(sha1)) {
      return;
    }
    if (ours) {
      new PartFile(file.resolveSibling(folder + ".zip")).delete();
    }
    throw new DataException(
        "%s has SHA-1 %s, but that of %s is %s; %s"
            .formatted(
                ours ? place : file,
                found,
                name,
                sha1,
                ours ? "it was not kept, so try again" : "remove the file"));
  }
}
