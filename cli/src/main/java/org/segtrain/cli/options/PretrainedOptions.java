package org.segtrain.cli.options;

import java.nio.file.Path;
import java.util.Optional;
import org.segtrain.cli.texts.Screen;
import org.segtrain.errors.UsageException;
import org.segtrain.releases.Release;
import org.segtrain.releases.Releases;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Weights that the authors of a backbone publish, by name. */
@Command(optionListHeading = "%nPublished weights:%n")
public final class PretrainedOptions {

  @Option(
      names = "--pretrained",
      paramLabel = "NAME",
      completionCandidates = NameLists.Releases.class,
      description =
          "Start from published weights (segtrain weights list). segtrain fetches them once,"
              + " then loads them as by --weights.")
  private String pretrained;

  @Option(names = "--offline", description = "Fetch nothing; fail if the file is not here yet.")
  private boolean offline;

  /**
   * Refuses what has no effect.
   *
   * @throws org.segtrain.errors.UsageException naming the option, and the one that it needs
   */
  void refuseIdle() {
    Idle.refuse("--offline", offline ? true : null, "--pretrained", this::given);
  }

  /**
   * Refuses weights that nobody publishes.
   *
   * @throws org.segtrain.errors.UsageException naming the known ones
   */
  void requireKnown() {
    if (pretrained != null) {
      Releases.of(pretrained);
    }
  }

  /** Whether any were asked for. */
  public boolean given() {
    return pretrained != null;
  }

  /**
   * What was asked for, if anything was.
   *
   * @param backbone of the model
   * @throws org.segtrain.errors.UsageException if there is no release of that name, or it is of
   *     another backbone
   */
  public Optional<Release> release(String backbone) {
    if (pretrained == null) {
      return Optional.empty();
    }
    Release release = Releases.of(pretrained);
    if (!release.backbone().equals(backbone)) {
      throw new UsageException(
          "--pretrained %s is of %s, but the model has %s; take one of them"
              .formatted(release.name(), release.backbone(), backbone));
    }
    return Optional.of(release);
  }

  /**
   * Its file, fetched if need be.
   *
   * @throws org.segtrain.errors.DataException if it is not here and cannot be fetched
   */
  public Path file(Release release, Screen screen) {
    return new Fetching(screen, offline).fetch(release);
  }
}
