package org.segtrain.export;

import java.nio.file.Files;
import java.nio.file.Path;
import org.segtrain.config.Overlay;
import org.segtrain.errors.DataException;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;

/** A model of any kind that segtrain reads: a run, a checkpoint, an exported file, a DJL folder. */
public final class AnyModel {

  private AnyModel() {}

  /**
   * Opens a run, a checkpoint or an exported file.
   *
   * @param instead values of its configuration that are replaced
   * @throws DataException if it is none of these, or broken
   */
  public static ModelInUse open(Path model, Resources resources, Overlay instead) {
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

  /** Whether it is an exported file; a run may hold one beside its checkpoints. */
  public static boolean isExported(Path model) {
    return !TrainedModel.isRun(model) && ExportedModel.isAt(model);
  }
}
