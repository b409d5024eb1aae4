import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.NewModel;
import org.segtrain.measure.internal.Subject;

/**
 * Writes a trace of one training pass of segtrain, as {@code segtrain benchmark} makes it: the
 * operations on the host, and the GPU's time of each between two events. DJL's bridge has no other
 * profiler. Prints the time of a pass without it, milliseconds.
 *
 * <p>Arguments: cpu or gpu, backbone, head, edge of the images, file of the trace.
 */
final class Profile {

  private static final int WARM_UP = 3;
  private static final int CLASSES = 150;
  private static final int BATCH = 2;

  private Profile() {}

  public static void main(String[] arguments) {
    int size = Integer.parseInt(arguments[3]);
    Resources resources = Resources.start(arguments[0], cores(), 1);
    Benchmark benchmark =
        new Benchmark(
            ImageSize.of("size", arguments[3]),
            BATCH,
            Benchmark.Mode.TRAINING,
            Precision.FP32,
            0,
            1);
    NewModel model =
        new NewModel(
            BackboneVariant.of(arguments[1]), Optional.of(HeadVariant.of(arguments[2])), CLASSES);
    try (NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch");
        Subject.Workload workload = model.open(manager, benchmark)) {
      NDArray images = manager.randomNormal(new Shape(BATCH, 3, size, size));
      long start = 0;
      for (int i = 0; i < WARM_UP; i++) {
        start = System.nanoTime();
        workload.pass(images);
      }
      System.out.println((System.nanoTime() - start) / 1e6);
      JniUtils.startProfile(resources.device().isGpu(), false, false);
      workload.pass(images);
      JniUtils.stopProfile(arguments[4]);
    }
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
