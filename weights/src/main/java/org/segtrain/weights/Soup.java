package org.segtrain.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsReader;
import org.segtrain.tensors.TensorFile;

/**
 * The mean of the weights of models with a common start, array by array, in float64: the uniform
 * soup of Wortsman et al., Model soups (arXiv:2203.05482), section 3. Running statistics of batch
 * norms are averaged too; counts are those of the first model.
 *
 * @param file that was written
 * @param models how many went in
 * @param arrays of each
 */
public record Soup(Path file, int models, int arrays) {

  private static final String SCRIPT = "TorchScript"; // what TensorFile calls it
  private static final String CHECKPOINT = "segtrain 1"; // what such a file calls its format

  /**
   * Writes {@code out}. From checkpoints of segtrain a {@code .safetensors} file is a checkpoint
   * with the configuration of the first; any other file is a state dict.
   *
   * @throws UsageException if {@code out} ends in no known form or is one of the models, or one is
   *     there twice, or there are fewer than two
   * @throws DataException if {@code out} is there already or cannot be written, or a model cannot
   *     be read or differs from the first in names, shapes or classes
   */
  public static Soup of(List<Path> models, Path out) {
    StateDictForm form = StateDictForm.of(out);
    if (models.size() < 2) {
      throw new UsageException(
          "a mean needs at least two models, but got %d; name more".formatted(models.size()));
    }
    refuseTwice(models);
    new Destination(out, false).refuseUnlessFree(models);
    List<TensorFile> files = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      models.forEach(model -> files.add(TensorFile.open(model)));
      files.forEach(file -> refuseMixed(files.get(0), file));
      List<Source> sources = files.stream().map(file -> Source.of(file, null)).toList();
      sources.forEach(source -> refuseUnlessAlike(sources.get(0), source));
      boolean checkpoints = form == StateDictForm.SAFETENSORS && areCheckpoints(files);
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      for (String name : sources.get(0).container().shapes().keySet()) {
        String prefix = checkpoints ? sources.get(0).container().prefix() : "";
        arrays.put(prefix + name, mean(manager, sources, name));
      }
      Map<String, String> metadata = checkpoints ? strings(files.get(0)) : Map.of("format", "pt");
      form.write(out, metadata, arrays, ElementType.F32);
      return new Soup(out, models.size(), arrays.size());
    } finally {
      files.forEach(TensorFile::close);
    }
  }

  /** Links are followed. */
  private static void refuseTwice(List<Path> models) {
    Map<Path, Path> seen = new HashMap<>();
    for (Path model : models) {
      Path other = seen.putIfAbsent(real(model), model);
      if (other != null) {
        throw new UsageException(
            other.equals(model)
                ? "%s is there twice; name each model once".formatted(model)
                : "%s and %s are one file; name each model once".formatted(other, model));
      }
    }
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file; // whoever opens it says why
    }
  }

  /** Refuses an exported program beside what it may have been made of. */
  private static void refuseMixed(TensorFile first, TensorFile other) {
    if (first.format().equals(SCRIPT) != other.format().equals(SCRIPT)) {
      TensorFile script = first.format().equals(SCRIPT) ? first : other;
      throw new DataException(
          "%s is an exported program (%s), but %s is %s; name the run or checkpoint that it was made of"
              .formatted(
                  script.file(),
                  SCRIPT,
                  script == first ? other.file() : first.file(),
                  script == first ? other.format() : first.format()));
    }
  }

  private static boolean areCheckpoints(List<TensorFile> files) {
    if (!files.stream().allMatch(file -> CHECKPOINT.equals(file.metadata().get("format")))) {
      return false;
    }
    String classes = files.get(0).metadata().get("classes");
    for (TensorFile file : files) {
      if (!Objects.equals(file.metadata().get("classes"), classes)) {
        throw new DataException(
            "%s has %s, but %s has %s; average models of the same classes"
                .formatted(file.file(), classes(file), files.get(0).file(), classes(files.get(0))));
      }
    }
    return true;
  }

  private static String classes(TensorFile file) {
    String names = file.metadata().get("classes");
    return names == null ? "no names of classes" : "the classes " + names;
  }

  /** The strings of the new checkpoint, which has no evaluation. */
  private static Map<String, String> strings(TensorFile first) {
    Map<String, String> strings = new LinkedHashMap<>(first.metadata());
    strings.remove(SafeTensorsReader.CHECKSUM);
    strings.put("weights", "averaged");
    strings.put("best_mean_iou", "-1.0");
    return strings;
  }

  private static void refuseUnlessAlike(Source first, Source other) {
    Map<String, Shape> wanted = first.container().shapes();
    Map<String, Shape> there = other.container().shapes();
    for (Map.Entry<String, Shape> array : wanted.entrySet()) {
      Shape shape = there.get(array.getKey());
      if (!array.getValue().equals(shape)) {
        throw new DataException(
            "%s has %s %s, but %s has %s; average models of one kind"
                .formatted(
                    first.file().file(),
                    array.getKey(),
                    array.getValue(),
                    other.file().file(),
                    shape == null ? "none" : shape));
      }
    }
    for (String name : there.keySet()) {
      if (!wanted.containsKey(name)) {
        throw new DataException(
            "%s has %s, but %s has none; average models of one kind"
                .formatted(other.file().file(), name, first.file().file()));
      }
    }
  }

  private static NDArray mean(NDManager manager, List<Source> sources, String name) {
    try (NDManager one = manager.newSubManager()) {
      NDArray first = sources.get(0).read(one, name);
      if (!first.getDataType().isFloating()) {
        first.attach(manager);
        return first;
      }
      NDArray sum = first.toType(DataType.FLOAT64, true);
      for (Source source : sources.subList(1, sources.size())) {
        try (NDManager other = one.newSubManager()) {
          sum.addi(source.read(other, name).toType(DataType.FLOAT64, false));
        }
      }
      NDArray mean = sum.divi(sources.size()).toType(DataType.FLOAT32, true);
      mean.attach(manager);
      return mean;
    }
  }
}
