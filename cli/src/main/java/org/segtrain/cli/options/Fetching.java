package org.segtrain.cli.options;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.segtrain.releases.DataArchive;
import org.segtrain.releases.Patience;
import org.segtrain.releases.Progress;
import org.segtrain.releases.Release;
import org.segtrain.releases.ReleaseCache;
import picocli.CommandLine;

/**
 * Fetches releases and data sets before the eyes of a person.
 *
 * @param err where the licence is said, and in a terminal how far it is
 * @param offline whether nothing may be fetched
 */
public record Fetching(PrintWriter err, boolean offline) {

  private static final int MEGABYTE = 1 << 20;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(20);

  /** The file of {@code release}. */
  public Path fetch(Release release) {
    ReleaseCache cache = ReleaseCache.ofUser(offline, this::say);
    return shown(release.name(), progress -> cache.fetch(release, progress));
  }

  /** The folder in {@code dir} that {@code archive} is unpacked to. */
  public Path fetch(DataArchive archive, Path dir) {
    return shown(
        archive.name(), progress -> archive.fetch(dir, Patience.STANDARD, this::say, progress));
  }

  private Path shown(String name, Function<Progress, Path> fetch) {
    if (!CommandLine.Help.Ansi.AUTO.enabled()) {
      return fetch.apply(new Lines());
    }
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(-1)
            .setUnit(" MB", MEGABYTE)
            .clearDisplayOnFinish()
            .build()) {
      return fetch.apply(
          (bytes, total) -> {
            bar.maxHint(total);
            bar.stepTo(bytes);
          });
    }
  }

  private void say(String sentence) {
    err.println(sentence);
    err.flush();
  }

  /** A line now and then, where nobody sees a bar. */
  private final class Lines implements Progress {

    private long last = System.nanoTime();

    @Override
    public void at(long bytes, long total) {
      if (System.nanoTime() - last < BETWEEN_LINES.toNanos()) {
        return;
      }
      last = System.nanoTime();
      String all = total < 0 ? "" : " of " + total / MEGABYTE;
      say("%d%s MB are here".formatted(bytes / MEGABYTE, all));
    }
  }
}
