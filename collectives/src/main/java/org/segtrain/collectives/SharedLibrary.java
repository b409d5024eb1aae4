package org.segtrain.collectives;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.segtrain.cuda.CudaLibrary;
import org.segtrain.cuda.LoadedLibrary;
import org.segtrain.errors.DataException;
import org.segtrain.files.UnpackedLibrary;

/**
 * The native library that makes process groups; {@code src/main/native/build.sh} builds it. Its
 * variant for CUDA serves CPUs too. A JVM can load only one of the two, since both register the
 * same operators.
 */
final class SharedLibrary {

  static final String PYTORCH = CudaLibrary.PYTORCH; // whose headers and symbols it uses
  static final String PLATFORM = "linux-x86_64";

  private static final String CPU = PLATFORM + ".so";
  private static final String CUDA = PLATFORM + "-cuda.so";

  private static boolean loaded;

  private SharedLibrary() {}

  /**
   * Loads it once, the variant for the PyTorch that the engine runs.
   *
   * @param cuda whether the group needs NCCL
   * @throws DataException if there is none for this machine or this PyTorch, or it cannot be loaded
   */
  static synchronized void load(boolean cuda) {
    String version = Engine.getEngine("PyTorch").getVersion();
    boolean hasCuda = LoadedLibrary.find("libtorch_cuda.so").isPresent();
    requireFit(UnpackedLibrary.platform(), version, cuda, hasCuda);
    if (!loaded) {
      byte[] library = resource(hasCuda ? CUDA : CPU);
      load(UnpackedLibrary.in(Utils.getEngineCacheDir("pytorch"), "collectives", library));
      loaded = true;
    }
  }

  /**
   * Refuses a machine or a PyTorch that it is not made for.
   *
   * @param hasCuda whether the engine has loaded PyTorch's library for CUDA
   */
  static void requireFit(String platform, String version, boolean cuda, boolean hasCuda) {
    if (!platform.equals(PLATFORM)) {
      throw new DataException(
          "segtrain joins processes on %s, and this is %s, where training stays in one process; remove the variables of the launcher, such as WORLD_SIZE"
              .formatted(PLATFORM, platform));
    }
    if (!version.equals(PYTORCH)) {
      throw new DataException(
          "segtrain joins processes by PyTorch %1$s, but the engine runs PyTorch %2$s; put pytorch-native-cpu %1$s on the class path, or set PYTORCH_LIBRARY_PATH and PYTORCH_VERSION to a PyTorch %1$s"
              .formatted(PYTORCH, version));
    }
    if (cuda && !hasCuda) {
      throw new DataException(
          "processes on GPUs need libtorch_cuda.so, but the engine loaded libtorch_cpu.so alone; start with SEGTRAIN_CUDA=1, or choose the CPU");
    }
  }

  /**
   * Loads a file. The system resolves all symbols before it runs any code of the file.
   *
   * @throws DataException if a symbol is missing, or the file cannot be loaded
   */
  static void load(Path file) {
    String path = file.toAbsolutePath().toString();
    try {
      System.load(path);
    } catch (UnsatisfiedLinkError e) {
      throw new DataException(LinkFailure.sentence(e.getMessage(), path), e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = SharedLibrary.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("segtrain's jar lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
