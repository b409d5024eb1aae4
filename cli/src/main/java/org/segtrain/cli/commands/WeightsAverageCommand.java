package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.Usage;
import org.segtrain.errors.Counted;
import org.segtrain.inference.TrainedModel;
import org.segtrain.weights.Soup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain weights average}: one model of several. */
@Command(
    name = "average",
    description = {
      "Averages the weights of several models with a common start (model soup).",
      "From runs and checkpoints of segtrain it writes a checkpoint, for eval, predict and"
          + " export."
    })
public final class WeightsAverageCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "2..*",
      paramLabel = "MODEL",
      description = "Runs, checkpoints or files of weights of one kind of model.")
  private List<Path> models;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write, .safetensors or .pth; it must not exist.")
  private Path out;

  @Override
  public Integer call() {
    List<Path> files = models.stream().map(TrainedModel::file).toList();
    Soup soup = new Usage(spec).of(() -> Soup.of(files, out));
    PrintWriter console = spec.commandLine().getOut();
    console.println(
        "%s: the mean of %d models, %s"
            .formatted(soup.file(), soup.models(), Counted.of(soup.arrays(), "array")));
    console.flush();
    return ExitCode.OK;
  }
}
