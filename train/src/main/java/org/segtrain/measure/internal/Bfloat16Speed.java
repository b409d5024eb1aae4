package org.segtrain.measure.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.engine.Aten;

/** Whether bfloat16 is worth it: by trying, since PyTorch also does it where it is slow. */
public final class Bfloat16Speed {

  private static final int SIDE = 1024;
  private static final int TRIALS = 10;

  private Bfloat16Speed() {}

  /** One line: how long a product takes compared with fp32, and what the processor has for it. */
  public static String onDevice(Device device) throws IOException {
    try (NDManager manager = NDManager.newBaseManager(device)) {
      NDArray x = manager.randomNormal(new Shape(SIDE, SIDE));
      double ratio = seconds(Aten.toBfloat16(x)) / seconds(x);
      return String.format(
          Locale.ROOT,
          "a product of %d x %d matrices takes %.2f of its time in fp32; processor: %s",
          SIDE,
          SIDE,
          ratio,
          processor());
    }
  }

  /** The shortest of the trials, so that neither warming up nor a busy machine counts. */
  private static double seconds(NDArray x) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < TRIALS; i++) {
      long start = System.nanoTime();
      try (NDArray product = x.matMul(x);
          NDArray sum = product.sum();
          NDArray number = Aten.toFloat32(sum)) {
        float unused = number.getFloat(); // waits for a GPU
        best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      }
    }
    return best;
  }

  /** The instructions of the processor that bfloat16 can use, as Linux names them. */
  private static String processor() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return "unknown here";
    }
    String text = Files.readString(info);
    String found =
        Stream.of("amx_bf16", "avx512_bf16")
            .filter(flag -> Pattern.compile("\\b" + flag + "\\b").matcher(text).find())
            .collect(Collectors.joining(", "));
    return found.isEmpty() ? "neither amx_bf16 nor avx512_bf16" : found;
  }
}
