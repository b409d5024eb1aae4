package org.segtrain.cli.options;

import java.util.function.Supplier;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Turns values that are refused into errors of usage, where it was the user who gave them. */
public record Usage(CommandSpec spec) {

  /** Runs an action that may refuse options. */
  public void check(Runnable options) {
    of(
        () -> {
          options.run();
          return null;
        });
  }

  /** The result of {@code options}. */
  public <T> T of(Supplier<T> options) {
    try {
      return options.get();
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
