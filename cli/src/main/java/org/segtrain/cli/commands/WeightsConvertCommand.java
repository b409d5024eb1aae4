package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.Defaults;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.data.internal.UsualFolders;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.TrainedModel;
import org.segtrain.names.Choice;
import org.segtrain.tensors.ElementType;
import org.segtrain.weights.Transcript;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain weights convert}: a state dict in a file of its own. */
@Command(
    name = "convert",
    description = {
      "Writes the weights of a model into a file of their own, with official names.",
      "PyTorch loads it with load_state_dict(strict=True)."
    })
public final class WeightsConvertCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description =
          "PyTorch, TorchScript or safetensors, a checkpoint of segtrain or the folder of a run.")
  private Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The file to write, .safetensors or .pth.")
  private Path out;

  @Option(
      names = "--part",
      paramLabel = "NAME",
      description =
          "Part of IN to read, such as state_dict_ema (state_dict, model or the whole file).")
  private String part;

  @Option(
      names = "--prefix-strip",
      paramLabel = "PREFIX",
      description =
          "Write only arrays whose names begin with PREFIX, and strip it: backbone. makes a bare"
              + " backbone.")
  private String prefix;

  @Option(
      names = "--type",
      paramLabel = "f32|f16|bf16",
      completionCandidates = NameLists.StoredTypes.class,
      description = "Type of floating-point numbers in OUT (f32).")
  private String type;

  @Option(names = "--overwrite", description = "Replace OUT if it is there; never IN.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    Transcript.Options options =
        usage.of(
            () -> new Transcript.Options(part, prefix == null ? "" : prefix, floats(), overwrite));
    usage.check(this::refuseOtherCheckpoint);
    Transcript written = usage.of(() -> Transcript.of(TrainedModel.file(in), out, options));
    PrintWriter console = spec.commandLine().getOut();
    console.println(
        "%s: %s%s"
            .formatted(
                written.file(),
                Counted.of(written.arrays(), "array"),
                written.repeats() == 0
                    ? ""
                    : ", %d of them a second time under the name of another owner"
                        .formatted(written.repeats())));
    console.flush();
    return ExitCode.OK;
  }

  /** Another checkpoint of the run has more than weights: the state of its optimiser. */
  private void refuseOtherCheckpoint() {
    Path real = UsualFolders.real(out);
    boolean isOther =
        overwrite
            && TrainedModel.isRun(in)
            && UsualFolders.real(in).equals(real.getParent())
            && !real.equals(UsualFolders.real(TrainedModel.file(in)))
            && real.getFileName().toString().matches("(last|best|step-[0-9]+)\\.safetensors");
    if (isOther) {
      throw new UsageException(
          "%s is a checkpoint of the run %s, which would be lost; name another file"
              .formatted(out, in));
    }
  }

  private ElementType floats() {
    String name =
        type == null
            ? Defaults.STORED_TYPES.get(0)
            : Defaults.STORED_TYPES.get(new Choice("type", Defaults.STORED_TYPES).index(type));
    return ElementType.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
