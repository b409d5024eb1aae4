package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.Fetching;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Screen;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;
import org.segtrain.releases.DataArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain data fetch}: a data set from those who publish it. */
@Command(
    name = "fetch",
    description = {
      "Fetches a data set, checks it, unpacks it and prints where it is.",
      "It prints the terms first. An interrupted download resumes. The other data sets that"
          + " segtrain datasets lists need a browser or an account."
    })
final class DataFetchCommand implements Callable<Integer> {

  /** Those that are on a server without a log-in. */
  private static final List<DataArchive> FETCHED = List.of(DataArchive.ADE20K);

  private static final int MOST_PORTS = 65_535;

  private static final List<String> NAMES = FETCHED.stream().map(DataArchive::name).toList();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Name of the data set: ade20k.")
  private String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to unpack it in (data, where --dataset ade20k looks).")
  private Path out = Path.of("data");

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "A mirror, whose file must have the same check sum (the authors' server).")
  private String mirror;

  @Override
  public Integer call() {
    DataArchive archive = new Usage(spec).of(this::archive);
    Path folder = new Fetching(Screen.of(spec), false).fetch(archive, out);
    PrintWriter console = spec.commandLine().getOut();
    console.println(folder);
    console.flush();
    return ExitCode.OK;
  }

  private URI address() {
    try {
      URI address = URI.create(mirror);
      if (address.getHost() != null && address.getPort() <= MOST_PORTS) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw noAddress(e);
    }
    throw noAddress(null);
  }

  private UsageException noAddress(Exception cause) {
    UsageException wrong =
        new UsageException(
            "--from \"%s\" is no address of a server; write http://HOST/PATH".formatted(mirror));
    wrong.initCause(cause);
    return wrong;
  }

  private DataArchive archive() {
    DataArchive known = FETCHED.get(new Choice("data set to fetch", NAMES).index(name));
    if (mirror == null) {
      return known;
    }
    if (!mirror.matches("(?i)https?://\\S+")) {
      throw new UsageException(
          "--from must be an address that begins with http:// or https://, but is \"%s\""
              .formatted(mirror));
    }
    return known.from(address());
  }
}
