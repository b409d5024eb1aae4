package org.segtrain.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.TensorFile;

/**
 * A state dict written into a file of its own, with official names: all that PyTorch's {@code
 * load_state_dict} wants, arrays of several names under each of them.
 *
 * @param file that was written
 * @param part of the file that was read, empty for the whole of it
 * @param arrays written
 * @param repeats of these, how many are there once more under another name
 */
public record Transcript(Path file, String part, int arrays, int repeats) {

  /**
   * The options of writing.
   *
   * @param part of the file to read, or null for the usual one
   * @param prefix beginning of the names of the wanted arrays, which is stripped; may be empty
   * @param floats how floating-point numbers are stored
   * @param replaces whether a file that is there is replaced, but never the one that is read
   */
  public record Options(String part, String prefix, ElementType floats, boolean replaces) {

    /** The usual part, whole, in float32, into a new file. */
    public static final Options STANDARD = new Options(null, "", ElementType.F32, false);
  }

  /**
   * Writes {@code out}, safetensors or PyTorch's form, as its name ends.
   *
   * @throws UsageException if it ends otherwise, or is {@code in}
   * @throws DataException if {@code in} cannot be read or has no such arrays, or {@code out} is
   *     there already or cannot be written
   */
  public static Transcript of(Path in, Path out, Options options) {
    StateDictForm form = StateDictForm.of(out);
    new Destination(out, options.replaces()).refuseUnlessFree(List.of(in));
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile tensors = TensorFile.open(in)) {
      Source source = Source.of(tensors, options.part());
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      for (String name : source.container().shapes().keySet()) {
        if (name.startsWith(options.prefix())) {
          arrays.put(name.substring(options.prefix().length()), source.read(manager, name));
        }
      }
      if (arrays.isEmpty()) {
        throw new DataException(
            "%s has no array whose name begins with \"%s\"; it has %s"
                .formatted(
                    source.container().in(in),
                    options.prefix(),
                    LoadReport.summary(source.container().shapes().keySet())));
      }
      int once = arrays.size();
      addRepeats(arrays);
      form.write(out, Map.of("format", "pt"), arrays, options.floats());
      return new Transcript(out, source.container().path(), arrays.size(), arrays.size() - once);
    }
  }

  /** Lists arrays under each of their names, if they are those of a published backbone. */
  private static void addRepeats(Map<String, NDArray> arrays) {
    Optional<BackboneVariant> backbone =
        Likeness.of(
                arrays.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getShape())))
            .map(Likeness::backbone);
    String prefix = Names.areOfModel(arrays.keySet()) ? Names.BACKBONE : "";
    backbone
        .map(variant -> Inventory.of(variant).repeats())
        .orElse(Map.of())
        .forEach(
            (again, name) -> {
              if (arrays.containsKey(prefix + name)) {
                arrays.putIfAbsent(prefix + again, arrays.get(prefix + name));
              }
            });
  }
}
