package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.segtrain.cli.texts.Table;
import org.segtrain.releases.Family;
import org.segtrain.releases.Release;
import org.segtrain.releases.ReleaseCache;
import org.segtrain.releases.Releases;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segtrain weights list}: the weights that the authors publish. */
@Command(
    name = "list",
    description = {
      "Lists the weights that the authors of the backbones publish.",
      "Weights on a web page need a browser. segtrain fetches the others on request: weights"
          + " fetch NAME, or --pretrained NAME."
    })
final class WeightsListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--markdown", description = "Print Markdown tables.")
  private boolean markdown;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    print(releases(), out);
    out.println();
    print(licences(), out);
    if (!markdown) {
      out.println();
      out.println("kept in " + ReleaseCache.ofUser(true, line -> {}).folder());
    }
    out.flush();
    return ExitCode.OK;
  }

  private void print(Table table, PrintWriter out) {
    out.print(markdown ? table.markdown() : table.text());
  }

  private Table releases() {
    ReleaseCache cache = ReleaseCache.ofUser(true, line -> {});
    Table table =
        markdown
            ? new Table("name", "published", "SHA-256", "where")
            : new Table("name", "published", "is here", "where");
    for (Release release : Releases.all()) {
      String third = markdown ? sum(release) : Files.exists(cache.file(release)) ? "yes" : "no";
      String where = (release.direct() ? "" : "page ") + release.place();
      table.add(release.name(), release.gives(), third, where);
    }
    return table;
  }

  private static String sum(Release release) {
    return release.sha256().isEmpty() ? "not published" : release.sha256();
  }

  private static Table licences() {
    Table table = new Table("family", "repository", "licence");
    for (Family family : Family.values()) {
      table.add(family.toString(), family.repository(), family.licence());
    }
    return table;
  }
}
