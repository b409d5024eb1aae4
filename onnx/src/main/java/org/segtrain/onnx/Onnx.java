package org.segtrain.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.segtrain.engine.internal.Graph;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/**
 * Writes a recorded forward pass as an ONNX file, for inputs of any size. The file has the arrays
 * of the block under their own names, and only operations of the standard.
 */
public final class Onnx {

  private final Graph graph;
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private Onnx(Graph graph) {
    this.graph = graph;
  }

  /**
   * A file of {@code graph}, whose inputs are called {@code input0}, {@code input1}, ... and its
   * outputs {@code output0}, {@code output1}, ... unless they are named.
   */
  public static Onnx of(Graph graph) {
    return new Onnx(graph);
  }

  /** Whether {@code file} begins as those do that this class writes. */
  public static boolean isAt(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Assembly.isOwn(in.readNBytes(Assembly.HEAD));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Refuses a file that this class wrote and that has changed since.
   *
   * @throws DataException if its check sum does not hold, or it cannot be read
   */
  public static void requireWhole(Path file) {
    try {
      FileSum.require(file);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /**
   * Names the next input.
   *
   * @param axes the name of each axis, or its size in digits: {@code "batch", "3", "height",
   *     "width"}
   */
  public Onnx input(String name, String... axes) {
    inputs.add(new Port(name, List.of(axes)));
    return this;
  }

  /**
   * Names the next output.
   *
   * @param axes the name of each axis, or its size in digits; axes of one name have one size
   */
  public Onnx output(String name, String... axes) {
    outputs.add(new Port(name, List.of(axes)));
    return this;
  }

  /** Adds texts, which runtimes give back by their names. */
  public Onnx metadata(Map<String, String> texts) {
    metadata.putAll(texts);
    return this;
  }

  /**
   * Writes {@code file}.
   *
   * @throws IllegalArgumentException if ONNX has no operation for one of the graph, which the
   *     message names, or a file cannot hold its arrays
   * @throws DataException if {@code file} cannot be written
   */
  public void write(Path file) {
    write(file, draft -> {});
  }

  /**
   * Writes {@code file} if {@code check} accepts it. If it throws, nothing is left behind and what
   * was there before stays.
   *
   * @param check is given the file under another name
   */
  public void write(Path file, Consumer<Path> check) {
    ModelProto model = model();
    try (Draft draft = Draft.ofFile(file)) {
      write(model, check, draft);
    }
  }

  private static void write(ModelProto model, Consumer<Path> check, Draft draft) {
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft.path()))) {
        FileSum.added(model).writeTo(out);
      }
      check.accept(draft.path());
      draft.publish();
    } catch (IOException e) {
      throw draft.failure(e);
    }
  }

  /** The file's content. */
  ModelProto model() {
    return Assembly.of(graph, inputs, outputs, metadata);
  }
}
