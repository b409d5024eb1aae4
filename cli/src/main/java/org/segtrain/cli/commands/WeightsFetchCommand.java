package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.Fetching;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Screen;
import org.segtrain.releases.Release;
import org.segtrain.releases.Releases;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain weights fetch}: a release of the authors, kept for this user. */
@Command(
    name = "fetch",
    description = {
      "Fetches weights that segtrain weights list names, and prints where they are.",
      "An interrupted download resumes. The folder is $SEGTRAIN_CACHE/releases, else",
      "$XDG_CACHE_HOME/segtrain/releases, else ~/.cache/segtrain/releases."
    })
final class WeightsFetchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = NameLists.Releases.class,
      description = "Name of the weights.")
  private String name;

  @Option(names = "--offline", description = "Fetch nothing; fail if the file is not here yet.")
  private boolean offline;

  @Override
  public Integer call() {
    Release release = new Usage(spec).of(() -> Releases.of(name));
    PrintWriter out = spec.commandLine().getOut();
    Path file = new Fetching(Screen.of(spec), offline).fetch(release);
    out.println(file);
    out.flush();
    return ExitCode.OK;
  }
}
