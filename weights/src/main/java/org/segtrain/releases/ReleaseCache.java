package org.segtrain.releases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.CheckSum;
import org.segtrain.files.UserCache;
import org.segtrain.tensors.TensorFile;

/**
 * The folder of the releases that were fetched. Any number of processes may use it.
 *
 * @param folder the files are in it, each under its release's name
 * @param offline whether nothing may be fetched
 * @param say gets the terms of each release once
 * @param patience how tries to fetch are repeated
 */
public record ReleaseCache(Path folder, boolean offline, Consumer<String> say, Patience patience) {

  /** Four times what the largest model of {@link Releases} takes, 105 million numbers. */
  private static final long MOST = 2L << 30;

  private static final int PAGE = '<'; // how web pages begin, and no file of weights

  /**
   * The user's: {@code $SEGTRAIN_CACHE}, else {@code $XDG_CACHE_HOME/segtrain}, else {@code
   * ~/.cache/segtrain}; in each the folder {@code releases}.
   *
   * @param offline whether nothing may be fetched; {@code $DJL_OFFLINE} says so too
   */
  public static ReleaseCache ofUser(boolean offline, Consumer<String> say) {
    return new ReleaseCache(
        folder(System.getenv("SEGTRAIN_CACHE"), System.getenv("XDG_CACHE_HOME")),
        offline || Boolean.parseBoolean(System.getenv("DJL_OFFLINE")),
        say,
        Patience.STANDARD);
  }

  static Path folder(String own, String caches) {
    return UserCache.folder(own, caches).resolve("releases");
  }

  /** Where the file of {@code release} is, or would be. */
  public Path file(Release release) {
    return folder.resolve(release.file());
  }

  /**
   * The file of {@code release}, fetched if it is not here.
   *
   * @throws DataException if it is not here and cannot be fetched, saying how to get it
   */
  @SuppressWarnings("try") // the lock is there to be closed
  public Path fetch(Release release, Progress progress) {
    Path file = file(release);
    if (Files.exists(file)) {
      return file;
    }
    refuseUnlessFetchable(release);
    try {
      Files.createDirectories(folder);
      try (Lock lock = Lock.of(folder.resolve(release.name() + ".lock"), say)) {
        if (!Files.exists(file)) { // another process may have fetched it meanwhile
          sayLicence(release);
          download(release, progress);
        }
        return file;
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot write to %s: %s; make room, or set SEGTRAIN_CACHE to another folder"
              .formatted(folder, IoReason.of(e)),
          e);
    }
  }

  private void refuseUnlessFetchable(Release release) {
    if (offline) {
      throw new DataException(
          "%s is not here, and segtrain is offline; put the file from %s at %s"
              .formatted(release.name(), release.place(), file(release)));
    }
    if (!release.direct()) {
      throw new DataException(
          "%s is on a page that needs a browser: save the file from %s as %s, or load it as a file of weights"
              .formatted(release.name(), release.place(), file(release)));
    }
  }

  private void download(Release release, Progress progress) throws IOException {
    PartFile part = new PartFile(file(release));
    try {
      new Download(release.place(), part, MOST, patience, say, progress).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(
          "%s was interrupted; the same command goes on from where it was"
              .formatted(release.name()),
          e);
    } catch (DataException e) {
      throw new DataException(
          "%s: %s; %s".formatted(release.name(), e.getMessage(), byHand(release)), e);
    }
    check(release, part);
    part.finish();
  }

  private void check(Release release, PartFile part) throws IOException {
    try (var in = Files.newInputStream(part.path())) {
      if (in.read() == PAGE) {
        part.delete();
        throw new DataException(
            "%s: %s answers with a web page instead of a file; %s"
                .formatted(release.name(), release.place(), byHand(release)));
      }
    }
    String found = release.sha256().isEmpty() ? "" : CheckSum.sha256(part.path());
    if (!found.startsWith(release.sha256())) {
      part.delete();
      throw new DataException(
          "%s from %s has SHA-256 %s, but it should be %s; it was not kept, so try again"
              .formatted(release.name(), release.place(), found, release.sha256()));
    }
    try {
      TensorFile.open(part.path()).close();
    } catch (DataException e) {
      part.delete();
      throw new DataException(
          "%s: the file from %s is no whole file of weights; it was not kept, so try again, or %s"
              .formatted(release.name(), release.place(), byHand(release)),
          e);
    }
  }

  private String byHand(Release release) {
    return "see %s, save the file as %s, or load it as a file of weights"
        .formatted(release.family().repository(), file(release));
  }

  /** Once for each release and folder: a file remembers it. */
  private void sayLicence(Release release) throws IOException {
    Path said = folder.resolve(release.name() + ".licence");
    if (Files.exists(said)) {
      return;
    }
    String sentence =
        "%s belongs to its authors (%s), licence: %s"
            .formatted(release.name(), release.family().repository(), release.family().licence());
    say.accept(sentence);
    Files.writeString(said, sentence + System.lineSeparator());
  }
}
