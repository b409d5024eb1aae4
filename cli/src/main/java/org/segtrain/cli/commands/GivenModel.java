package org.segtrain.cli.commands;

import java.util.function.Supplier;
import org.segtrain.cli.texts.Bar;
import org.segtrain.cli.texts.Screen;
import picocli.CommandLine.Model.CommandSpec;

/** The model that a command is given. */
final class GivenModel {

  private GivenModel() {}

  /** The result of {@code open}, with a bar meanwhile, since a large file takes a while. */
  @SuppressWarnings("try") // the bar is there to be closed
  static <T> T shown(CommandSpec command, Supplier<T> open) {
    try (Bar busy = Bar.busy(Screen.of(command), "opening the model")) {
      return open.get();
    }
  }
}
