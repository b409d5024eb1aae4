package org.segtrain.cli.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.segtrain.cli.texts.Bar;
import org.segtrain.cli.texts.Screen;
import org.segtrain.config.Overlay;
import org.segtrain.errors.DataException;
import org.segtrain.export.ExportedModel;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import picocli.CommandLine.Model.CommandSpec;

/** The model that the first operand of a command names. */
final class GivenModel {

  private GivenModel() {}

  /**
   * Opens a run, a checkpoint or an exported file.
   *
   * @param instead values of its configuration that are replaced
   * @throws org.segtrain.errors.DataException if it is none of these, or broken
   */
  static ModelInUse open(Path model, Resources resources, Overlay instead) {
    boolean exported = isExported(model);
    if (!exported && Files.isDirectory(model) && !TrainedModel.isRun(model)) {
      throw new DataException(
          "%s has neither checkpoints of a run nor the model.pt of a folder for DJL; give the folder of a run, a checkpoint or an exported file"
              .formatted(model));
    }
    return exported
        ? ExportedModel.load(model, resources, instead)
        : TrainedModel.load(model, resources, instead);
  }

  /** The result of {@code open}, with a bar meanwhile, since a large file takes a while. */
  @SuppressWarnings("try") // the bar is there to be closed
  static <T> T shown(CommandSpec command, Supplier<T> open) {
    try (Bar busy = Bar.busy(Screen.of(command), "opening the model")) {
      return open.get();
    }
  }

  /** Whether it is an exported file; a run may hold one beside its checkpoints. */
  static boolean isExported(Path model) {
    return !TrainedModel.isRun(model) && ExportedModel.isAt(model);
  }
}
