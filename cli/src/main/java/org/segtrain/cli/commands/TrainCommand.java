package org.segtrain.cli.commands;

import java.util.concurrent.Callable;
import org.segtrain.cli.options.TrainOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code segtrain train}, the same as {@code segtrain} with options. */
@Command(name = "train", description = "Trains a model; the default command.")
public final class TrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private TrainOptions options;

  @Override
  public Integer call() {
    return new TrainRun(spec, options).call();
  }
}
