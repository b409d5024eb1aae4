package org.segtrain.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

/** One window on every map that is recorded would be taken for one window on any map. */
final class WindowsExportTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {7, 13})
  void anExportCutsTheCoarsestMapOfLargeImagesIntoWindows(int side) throws Exception {
    Path file = folder.resolve("model.pt");
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        Model model = Model.newInstance("exported", Device.cpu(), "PyTorch")) {
      manager.getEngine().setRandomSeed(1);
      WindowMeans block = new WindowMeans(side);
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 64, 64));
      TorchScript.of(block, Samples.ofImages(32, 1, new Shape(-1, 1, -1, -1))).write(file);
      model.load(file);
      NDArray image = manager.randomNormal(new Shape(1, 1, 800, 930));
      assertArrayEquals(run(block, image), run(model.getBlock(), image), 1e-5f);
    }
  }

  private static float[] run(Block block, NDArray image) {
    ParameterStore parameters = new ParameterStore(image.getManager(), false);
    return block.forward(parameters, new NDList(image), false).singletonOrThrow().toFloatArray();
  }

  /** The difference of each pixel of the map of 32nds from the mean of its window. */
  private static final class WindowMeans extends UnaryBlock {

    private final Windows windows;
    private final Block conv = conv("conv", Convolution.pointwise(1, 1).withStride(32));

    WindowMeans(int side) {
      windows = new Windows(side, side);
    }

    @Override
    protected NDArray forward(Pass pass, NDArray image) {
      NDArray x = Layouts.channelsLast(pass.through(conv, image)); // B H W C
      Padding padding = Padding.around(x, windows);
      NDArray padded = padding.pad(x);
      NDArray parts = windows.partition(padded); // B·n h·w C
      NDArray centred = parts.sub(parts.mean(new int[] {1}, true));
      return padding.crop(windows.merge(centred, padded.getShape()));
    }
  }
}
