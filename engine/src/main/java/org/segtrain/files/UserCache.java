package org.segtrain.files;

import java.nio.file.Path;
import org.segtrain.errors.DataException;

/** The user's folder for files that can be fetched or computed again. */
public final class UserCache {

  private UserCache() {}

  /**
   * A part of it: of {@code $SEGTRAIN_CACHE}, else {@code $XDG_CACHE_HOME/segtrain}, else {@code
   * ~/.cache/segtrain}.
   */
  public static Path folder(String part) {
    return folder(System.getenv("SEGTRAIN_CACHE"), System.getenv("XDG_CACHE_HOME")).resolve(part);
  }

  /**
   * The whole.
   *
   * @param own what the user names for this program, null or empty for nothing
   * @param caches what the user names for all programs
   */
  public static Path folder(String own, String caches) {
    if (own != null && !own.isEmpty()) {
      return Path.of(own);
    }
    Path parent = caches == null || caches.isEmpty() ? home().resolve(".cache") : Path.of(caches);
    return parent.resolve("segtrain");
  }

  /** Java calls it "?" for a user whom the system does not know, as in some containers. */
  private static Path home() {
    Path home = Path.of(System.getProperty("user.home"));
    if (!home.isAbsolute()) {
      throw new DataException(
          "this user has no home folder; name one for segtrain's files in SEGTRAIN_CACHE");
    }
    return home;
  }
}
