package org.segtrain.cuda;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * CUDA's runtime, which PyTorch's library for CUDA brings.
 *
 * @param folder of PyTorch's libraries
 * @param isBuilt whether PyTorch is built for CUDA
 * @param version of the runtime; empty if it is not known
 * @param error with which it counts GPUs; 0 for none
 */
record CudaRuntime(Path folder, boolean isBuilt, Optional<CudaVersion> version, int error) {

  /** Asks that of the engine. PyTorch itself denies CUDA where it sees no GPU. */
  static CudaRuntime ask() {
    Engine.getEngine("PyTorch"); // loads the libraries
    Path folder = Path.of(LibUtils.getLibtorchPath());
    boolean isBuilt = Files.exists(folder.resolve(System.mapLibraryName("torch_cuda")));
    Optional<Path> file = isBuilt ? LoadedLibrary.find("libcudart") : Optional.empty();
    if (file.isEmpty()) {
      return new CudaRuntime(folder, isBuilt, Optional.empty(), 0);
    }
    NativeLibrary library = NativeLibrary.getInstance(file.get().toString());
    int[] value = new int[1];
    library.getFunction("cudaRuntimeGetVersion").invokeInt(new Object[] {value});
    CudaVersion version = CudaVersion.of(value[0]);
    int error = library.getFunction("cudaGetDeviceCount").invokeInt(new Object[] {value});
    return new CudaRuntime(folder, true, Optional.of(version), error);
  }
}
