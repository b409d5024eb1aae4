package org.segtrain.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

/**
 * Prints by how many bytes the resident memory grows per call, over 100,000 calls of each kind.
 *
 * <p>Arrays of a call lie in a scope that is closed every 100 calls; those of the model live on.
 */
@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
public final class MemorySlope {

  static final Path STATM = Path.of("/proc/self/statm");
  private static final Path FILE =
      Path.of(System.getProperty("java.io.tmpdir"), "export-" + ProcessHandle.current().pid());
  private static final int EXPORTS_OF_A_WINDOW = 20;
  private static final int PAGE = 4096;
  private static final int WINDOWS = 5;
  private static final int CALLS = 20_000;
  private static final int SCOPE = 100;

  /** What is called. */
  enum Kind {
    SIZES_WITH_A_WEIGHT {
      @Override
      void call(NDArray weight, NDManager scope, int i) {
        Aten.resizeBilinear(weight, 1 + i % 7, 1 + i % 5, false).close();
      }
    },
    ACTIVATIONS_OF_VARYING_SIZE {
      @Override
      void call(NDArray weight, NDManager scope, int i) {
        NDArray q = scope.ones(new Shape(1, 1, 1 + i % 9, 4));
        Aten.attention(q, q, q);
      }
    },
    GRADIENTS {
      @Override
      void call(NDArray weight, NDManager scope, int i) {
        try (Autograd recording = Autograd.on()) {
          NDArray activation = scope.ones(new Shape(1)).mul(weight);
          Autograd.gradients(Aten.hardswish(activation).sum(), List.of(weight));
        }
      }
    },
    LISTS_IN_PLACE {
      @Override
      void call(NDArray weight, NDManager scope, int i) {
        ArrayLists.norm(List.of(weight, weight));
        ArrayLists.scale(List.of(weight), 0.999);
      }
    },
    /** Twenty in a window. */
    EXPORTS {
      @Override
      void call(NDArray weight, NDManager scope, int i) {
        if (i % (CALLS / EXPORTS_OF_A_WINDOW) == 0) {
          Conv2d block = Conv2d.builder().setFilters(64).setKernelShape(new Shape(3, 3)).build();
          block.initialize(scope, DataType.FLOAT32, new Shape(1, 64, 9, 9));
          Samples samples =
              Samples.ofShapes(List.of(new Shape(1, 64, 9, 9)), List.of(new Shape(1, 64, 9, 9)));
          TorchScript.of(block, samples).optimized().write(FILE);
        }
      }
    };

    abstract void call(NDArray weight, NDManager scope, int i);

    /** How many windows pass before Java has compiled what is called. */
    int warmUps() {
      return this == EXPORTS ? 25 : 1;
    }
  }

  private MemorySlope() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    try (NDManager model = Agreement.newManager()) {
      NDArray weight = Agreement.normal(model, 1, 1, 2, 2);
      weight.setRequiresGradient(true);
      for (Kind kind : Kind.values()) {
        System.out.printf(Locale.ROOT, "%s %.1f%n", kind, slope(kind, weight));
      }
    } finally {
      Files.deleteIfExists(FILE);
    }
  }

  /**
   * The second least of five windows: a leak grows in each, Java's own compiler takes its share
   * when it is ready.
   */
  private static double slope(Kind kind, NDArray weight) throws IOException {
    double[] slopes = new double[WINDOWS];
    for (int i = 0; i < kind.warmUps(); i++) {
      run(kind, weight);
    }
    for (int window = 0; window < WINDOWS; window++) {
      long before = residentBytes();
      run(kind, weight);
      slopes[window] = (double) (residentBytes() - before) / CALLS;
    }
    Arrays.sort(slopes);
    return slopes[1];
  }

  private static void run(Kind kind, NDArray weight) {
    for (int done = 0; done < CALLS; done += SCOPE) {
      try (NDManager scope = Agreement.newManager()) {
        for (int i = 0; i < SCOPE; i++) {
          kind.call(weight, scope, done + i);
        }
      }
    }
  }

  private static long residentBytes() throws IOException {
    return Long.parseLong(Files.readString(STATM).split(" ", 3)[1]) * PAGE;
  }
}
