package org.segtrain.serving;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

/** A model whose class of a pixel is its brightest channel: bytes {@code B H W 3 -> B H W}. */
final class Brightest extends AbstractBlock {

  private static final long[][] SIZES = {{1, 7, 5}, {2, 13, 22}, {3, 10, 17}, {5, 19, 11}};

  /** Writes a folder with the model, and these lines in {@code serving.properties}. */
  static Path folder(Path folder, String... properties) throws IOException {
    Files.createDirectories(folder);
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      Brightest model = new Brightest();
      model.initialize(manager, DataType.UINT8, new Shape(1, 4, 4, 3));
      List<NDList> recorded = new ArrayList<>();
      for (long[] size : SIZES) {
        recorded.add(new NDList(pixels(manager, size)));
      }
      List<NDList> unseen = List.of(new NDList(pixels(manager, 4, 6, 31)));
      TorchScript.of(model, Samples.of(recorded, unseen)).write(folder.resolve("model.pt"));
    }
    Files.write(folder.resolve("serving.properties"), List.of(properties));
    Files.write(folder.resolve("synset.txt"), List.of("red", "green", "blue"));
    return folder;
  }

  private static NDArray pixels(NDManager manager, long... size) {
    Shape shape = new Shape(size).add(3);
    ByteBuffer bytes = ByteBuffer.allocateDirect((int) shape.size());
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) (i * 37));
    }
    return manager.create(bytes, shape, DataType.UINT8);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> arguments) {
    NDArray values = inputs.singletonOrThrow().toType(DataType.FLOAT32, false); // B H W 3
    return new NDList(values.argMax(3).toType(DataType.UINT8, false)); // B H W
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {inputs[0].slice(0, 3)};
  }
}
