package org.segtrain.cli.options;

import java.io.PrintWriter;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.segtrain.releases.Release;
import org.segtrain.releases.ReleaseCache;
import picocli.CommandLine;

/**
 * Fetches releases before the eyes of a person.
 *
 * @param err where the licence is said, and in a terminal how far it is
 * @param offline whether nothing may be fetched
 */
public record Fetching(PrintWriter err, boolean offline) {

  private static final int MEGABYTE = 1 << 20;

  /** The file of {@code release}. */
  public Path fetch(Release release) {
    ReleaseCache cache = ReleaseCache.ofUser(offline, this::say);
    if (!CommandLine.Help.Ansi.AUTO.enabled()) {
      return cache.fetch(release, (bytes, total) -> {});
    }
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(release.name())
            .setInitialMax(-1)
            .setUnit(" MB", MEGABYTE)
            .clearDisplayOnFinish()
            .build()) {
      return cache.fetch(
          release,
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
}
