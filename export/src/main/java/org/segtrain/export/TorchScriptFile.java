package org.segtrain.export;

import java.nio.file.Path;
import org.segtrain.config.Precision;
import org.segtrain.torchscript.Report;
import org.segtrain.torchscript.TorchScript;

/** A model as a TorchScript file, with its description inside. */
final class TorchScriptFile {

  private TorchScriptFile() {}

  /** Whether {@code file} is such a file. */
  static boolean isAt(Path file) {
    return TorchScriptProgram.hasCard(file);
  }

  static Report write(ExportSource model, Deployment form, ModelCard card, Path file) {
    TorchScript script =
        TorchScript.of(model.deployed(form), form.input().samples())
            .withFile(ModelCard.NAME, card.json())
            .withoutUnused();
    if (form.optimization().isInt8()) {
      try (CalibrationImages images = CalibrationImages.of(form, card, file)) {
        return script.inInt8(images.inputs()).write(file);
      }
    }
    TorchScript optimized =
        switch (form.optimization().kind()) {
          case NONE -> script;
          case ANY_DEVICE -> script.optimized();
          case CPU -> script.forCpu();
        };
    return (form.precision() == Precision.BF16 ? optimized.inBfloat16() : optimized).write(file);
  }
}
