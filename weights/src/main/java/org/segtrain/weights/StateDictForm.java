package org.segtrain.weights;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.segtrain.errors.UsageException;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;
import org.segtrain.tensors.TorchWriter;

/** In what form weights are written, which the name of the file says. */
enum StateDictForm {
  SAFETENSORS {
    @Override
    void write(
        Path file, Map<String, String> metadata, Map<String, NDArray> arrays, ElementType floats) {
      SafeTensorsWriter.write(file, metadata, arrays, floats);
    }
  },
  PYTORCH {
    @Override
    void write(
        Path file, Map<String, String> metadata, Map<String, NDArray> arrays, ElementType floats) {
      TorchWriter.write(file, arrays, floats);
    }
  };

  /** Writes {@code file}; PyTorch's form has no metadata. */
  abstract void write(
      Path file, Map<String, String> metadata, Map<String, NDArray> arrays, ElementType floats);

  /**
   * The form of that file.
   *
   * @throws UsageException if its name does not say it
   */
  static StateDictForm of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      return SAFETENSORS;
    } else if (name.endsWith(".pth") || name.endsWith(".pt") || name.endsWith(".bin")) {
      return PYTORCH;
    }
    throw new UsageException(
        "%s ends neither in .safetensors nor in .pth, so its form is not known; name it so"
            .formatted(file));
  }
}
