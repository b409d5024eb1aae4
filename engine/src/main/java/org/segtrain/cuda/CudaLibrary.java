package org.segtrain.cuda;

import ai.djl.util.Utils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.segtrain.errors.DataException;
import org.segtrain.files.Draft;
import org.segtrain.files.UnpackedLibrary;

/**
 * PyTorch for CUDA from the class path, by the artifact {@code segtrain-cuda}. DJL takes it from a
 * folder that a system property names.
 */
public final class CudaLibrary {

  /** The version of PyTorch that segtrain's native parts are made for. */
  public static final String PYTORCH = UnpackedLibrary.PYTORCH;

  private static final String PLACE = "PYTORCH_LIBRARY_PATH";
  private static final String FLAVOR = "cu128"; // of the JNI library of DJL that fits
  private static final double GIGABYTE = 1L << 30;

  /** Libraries of a jar: the beginning of its name, the folder in it, and their names. */
  private record Part(String jar, String folder, List<String> names) {}

  private static final List<Part> PARTS =
      List.of(
          new Part(
              "pytorch-",
              "org/bytedeco/pytorch/linux-x86_64-gpu/",
              List.of(
                  "libc10.so",
                  "libc10_cuda.so",
                  "libgomp.so.1",
                  "libtorch.so",
                  "libtorch_cpu.so",
                  "libtorch_cuda.so",
                  "libtorch_cuda_linalg.so")),
          new Part(
              "openblas-",
              "org/bytedeco/openblas/linux-x86_64/",
              List.of("libgfortran.so.5", "libopenblas.so.0", "libquadmath.so.0")),
          new Part(
              "cuda-redist-",
              "org/bytedeco/cuda/linux-x86_64/",
              List.of(
                  "libcudart.so.12",
                  "libcufft.so.11",
                  "libcufile.so.0",
                  "libcupti.so.12",
                  "libcurand.so.10",
                  "libnvJitLink.so.12",
                  "libnvrtc-builtins.so.12.9",
                  "libnvrtc.so.12")),
          // The later one lacks these.
          new Part(
              "cuda-12.",
              "org/bytedeco/cuda/linux-x86_64/",
              List.of(
                  "libcublas.so.12",
                  "libcublasLt.so.12",
                  "libcudnn.so.9",
                  "libcudnn_adv.so.9",
                  "libcudnn_cnn.so.9",
                  "libcudnn_engines_precompiled.so.9",
                  "libcudnn_engines_runtime_compiled.so.9",
                  "libcudnn_graph.so.9",
                  "libcudnn_heuristic.so.9",
                  "libcudnn_ops.so.9",
                  "libcusolver.so.11",
                  "libcusparse.so.12")));

  private CudaLibrary() {}

  /**
   * Lets DJL load PyTorch for CUDA, if that is on the class path. Unpacks it once, 3.5 GB, into
   * DJL's cache. Call it before anything starts the engine. It leaves {@code PYTORCH_LIBRARY_PATH}
   * as it is where that is set.
   *
   * @param tell is told in a sentence what takes long
   * @throws DataException if a part is missing or cannot be unpacked
   */
  public static synchronized void prepare(Consumer<String> tell) {
    Part first = PARTS.get(0);
    ClassLoader loader = CudaLibrary.class.getClassLoader();
    boolean isThere = loader.getResource(first.folder() + "libtorch_cuda.so") != null;
    if (!isThere || Utils.getEnvOrSystemProperty(PLACE) != null) {
      return;
    }
    if (!Platform.isLinux() || !Platform.isIntel() || !Platform.is64Bit()) {
      throw new DataException(
          "segtrain-cuda has PyTorch for linux-x86_64, and this is %s on %s; leave it out"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
    Path folder =
        Utils.getEngineCacheDir("pytorch")
            .resolve("%s-%s-segtrain-linux-x86_64".formatted(PYTORCH, FLAVOR));
    unpack(find(loader), folder, tell);
    System.setProperty(PLACE, folder.toString());
    System.setProperty("PYTORCH_VERSION", PYTORCH);
    System.setProperty("PYTORCH_FLAVOR", FLAVOR);
    if (!NvidiaDriver.ask().gpus().isEmpty()) { // else DJL warns of what Gpus tells in full
      NativeLibrary.addSearchPath("cudart", folder.toString()); // by which DJL counts GPUs
    }
  }

  /** The places of all libraries on the class path. */
  private static Map<String, URL> find(ClassLoader loader) {
    Map<String, URL> places = new LinkedHashMap<>();
    try {
      for (Part part : PARTS) {
        for (String name : part.names()) {
          URL place =
              Collections.list(loader.getResources(part.folder() + name)).stream()
                  .filter(url -> url.getPath().contains("/" + part.jar()))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new DataException(
                              "the class path has PyTorch for CUDA, but no %s*.jar with %s; take all that segtrain-cuda depends on"
                                  .formatted(part.jar(), name)));
          places.put(name, place);
        }
      }
    } catch (IOException e) {
      throw new DataException("cannot read the class path: " + e.getMessage(), e);
    }
    return places;
  }

  /** Unpacks them to a folder, which appears whole. One with a library cut off is replaced. */
  static void unpack(Map<String, URL> places, Path folder, Consumer<String> tell) {
    if (isWhole(folder, places)) {
      return;
    }
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new DataException(
          "cannot write %s: %s; set DJL_CACHE_DIR to another folder"
              .formatted(folder, e.getMessage()),
          e);
    }
    try (Draft draft = Draft.ofFolder(folder)) {
      try {
        long size = 0;
        for (URL place : places.values()) {
          size += size(place);
        }
        long room = Files.getFileStore(draft.path()).getUsableSpace();
        if (room < size) {
          throw new DataException(
              "PyTorch for CUDA takes %s in %s, which has room for %s; make room there, or set DJL_CACHE_DIR to another folder"
                  .formatted(gigabytes(size), folder.getParent(), gigabytes(room)));
        }
        tell.accept(
            "unpacking PyTorch for CUDA to %s, %s, once ...".formatted(folder, gigabytes(size)));
        for (Map.Entry<String, URL> place : places.entrySet()) {
          try (InputStream in = place.getValue().openStream()) {
            Files.copy(in, draft.path().resolve(place.getKey()));
          }
        }
        draft.publish();
      } catch (FileAlreadyExistsException e) {
        if (!isWhole(folder, places)) { // else another process was quicker
          throw draft.failure(e);
        }
      } catch (IOException e) {
        throw draft.failure(e);
      }
    }
  }

  private static boolean isWhole(Path folder, Map<String, URL> places) {
    try {
      for (Map.Entry<String, URL> place : places.entrySet()) {
        if (folder.resolve(place.getKey()).toFile().length() != size(place.getValue())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // unpacking says what is wrong
    }
  }

  private static long size(URL place) throws IOException {
    return place.openConnection().getContentLengthLong();
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
  }
}
