package org.segtrain.cuda;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.file.Path;

/**
 * PyTorch's switches of arithmetic on a GPU. They hold for the whole process, and are set here
 * alone. On a CPU and on Windows nothing is set.
 */
public final class CudaMath {

  private CudaMath() {}

  /**
   * For steps of one size: cuDNN tries its algorithms for each size and takes the fastest ({@code
   * torch.backends.cudnn.benchmark}), so the last bits may differ from run to run.
   *
   * @param tf32 whether convolutions and matrix products of fp32 are computed in TF32
   */
  public static void forTraining(Device device, boolean tf32) {
    set(device, tf32, true);
  }

  /**
   * For images of many sizes: cuDNN chooses by rules.
   *
   * @param tf32 whether convolutions and matrix products of fp32 are computed in TF32
   */
  public static void forInference(Device device, boolean tf32) {
    set(device, tf32, false);
  }

  private static void set(Device device, boolean tf32, boolean benchmark) {
    if (device.isGpu() && !Platform.isWindows()) { // where C++ has other names
      JniUtils.setBenchmarkCuDNN(benchmark);
      Context.INSTANCE.set("_ZN2at7Context17setAllowTF32CuDNNEb", tf32); // PyTorch begins with true
      Context.INSTANCE.set("_ZN2at7Context18setAllowTF32CuBLASEb", tf32); // and with false
    }
  }

  /** Whether convolutions of fp32 are computed in TF32 now. */
  public static boolean hasTf32Convolutions() {
    return Context.INSTANCE.get("_ZNK2at7Context14allowTF32CuDNNEv");
  }

  /** Whether matrix products of fp32 are computed in TF32 now. */
  public static boolean hasTf32Products() {
    return Context.INSTANCE.get("_ZNK2at7Context15allowTF32CuBLASEv");
  }

  /** {@code at::Context}, whose functions DJL does not offer. Their names are those of C++. */
  private record Context(NativeLibrary library, Pointer pointer) {

    static final Context INSTANCE = of(Path.of(LibUtils.getLibtorchPath()));

    private static Context of(Path folder) {
      String file = folder.resolve(System.mapLibraryName("torch_cpu")).toString();
      NativeLibrary library = NativeLibrary.getInstance(file);
      Pointer pointer = library.getFunction("_ZN2at13globalContextEv").invokePointer(new Object[0]);
      return new Context(library, pointer);
    }

    void set(String function, boolean value) {
      int bool = value ? 1 : 0; // JNA's own true is -1, which no bool of C++ may be
      library.getFunction(function).invokeVoid(new Object[] {pointer, bool});
    }

    boolean get(String function) {
      return (library.getFunction(function).invokeInt(new Object[] {pointer}) & 0xFF) == 1;
    }
  }
}
