package org.segtrain.cli.options;

import java.nio.file.Path;
import java.util.function.Function;
import org.segtrain.cli.texts.Bar;
import org.segtrain.cli.texts.Screen;
import org.segtrain.releases.DataArchive;
import org.segtrain.releases.Patience;
import org.segtrain.releases.Progress;
import org.segtrain.releases.Release;
import org.segtrain.releases.ReleaseCache;

/**
 * Fetches releases and data sets before the eyes of a person.
 *
 * @param screen shows the licence and the progress
 * @param offline whether nothing may be fetched
 */
public record Fetching(Screen screen, boolean offline) {

  private static final int MEGABYTE = 1 << 20;

  /** The file of {@code release}. */
  public Path fetch(Release release) {
    ReleaseCache cache = ReleaseCache.ofUser(offline, screen::say);
    return shown(release.name(), progress -> cache.fetch(release, progress));
  }

  /** The folder in {@code dir} that {@code archive} is unpacked to. */
  public Path fetch(DataArchive archive, Path dir) {
    return shown(
        archive.name(), progress -> archive.fetch(dir, Patience.STANDARD, screen::say, progress));
  }

  private Path shown(String name, Function<Progress, Path> fetch) {
    try (Bar bar = Bar.of(screen, name, " MB", MEGABYTE)) {
      return fetch.apply(bar::at);
    }
  }
}
