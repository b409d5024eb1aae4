package org.segtrain.tensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file of named tensors: safetensors, a file of PyTorch's {@code torch.save} (the zip or the
 * older form), or a TorchScript archive. Opening reads names, types and shapes; the numbers are
 * read tensor by tensor. Nothing in a file is ever run.
 *
 * <p>Names keep the nesting of the saved object. A dictionary of tensors gives its keys as they
 * are, {@code backbone.norm.weight}. Keys of dictionaries around it, and indices of lists, stand in
 * front with a slash: {@code state_dict/backbone.norm.weight}, {@code optimizer/state/0/exp_avg}.
 * Modules of a TorchScript archive give the names of their state dict, its constants {@code
 * constants/0}.
 */
public interface TensorFile extends AutoCloseable {

  /** The file. */
  Path file();

  /** In words, for messages: {@code "safetensors"}, {@code "PyTorch"}, ... */
  String format();

  /** The tensors by name, in the order of the file. */
  Map<String, TensorInfo> tensors();

  /**
   * The other contents of the file, as text: the strings of a safetensors file; the numbers,
   * strings and booleans of a saved object, named like its tensors ({@code epoch}, {@code
   * meta/CLASSES/0}).
   */
  Map<String, String> metadata();

  /**
   * Reads a tensor into an array of {@link ElementType#read()}, on the device of {@code manager}.
   *
   * @throws org.segtrain.errors.DataException if the file cannot be read
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  NDArray read(NDManager manager, String name);

  @Override
  void close();

  /**
   * Opens a file, whatever its name ends in.
   *
   * @throws org.segtrain.errors.DataException if it is missing, damaged or none of the above, or if
   *     it asks for anything but tensors, containers, numbers and strings
   */
  static TensorFile open(Path file) {
    FileBytes bytes = FileBytes.open(file);
    try {
      return new OpenTensorFile(bytes, Formats.contents(bytes));
    } catch (RuntimeException | Error e) {
      bytes.close();
      throw e;
    }
  }
}
