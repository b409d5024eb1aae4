package org.segtrain.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What NVIDIA's driver says.
 *
 * @param cuda the newest version of CUDA that it can run; empty if there is no driver
 * @param release of the driver, such as 575.57; empty if it is not known
 * @param error of CUDA that it starts with; 0 if it can start
 * @param gpus that it shows this process
 */
record NvidiaDriver(
    Optional<CudaVersion> cuda, Optional<String> release, int error, List<Gpu> gpus) {

  static final int NO_DEVICE = 100; // CUDA_ERROR_NO_DEVICE

  private static final Path RELEASE = Path.of("/sys/module/nvidia/version");
  private static final int MAJOR = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
  private static final int MINOR = 76;
  private static final int LONGEST_NAME = 256;

  /** None. */
  static final NvidiaDriver NONE =
      new NvidiaDriver(Optional.empty(), Optional.empty(), 0, List.of());

  /** Asks that of this machine. */
  static NvidiaDriver ask() {
    try {
      return library().map(NvidiaDriver::ask).orElse(NONE);
    } catch (UnsatisfiedLinkError e) {
      return NONE; // a library of that name without the driver's functions
    }
  }

  /** The driver's library, if there is one. */
  static Optional<NativeLibrary> library() {
    try {
      String name = Platform.isWindows() ? "nvcuda" : "libcuda.so.1";
      return Optional.of(NativeLibrary.getInstance(name));
    } catch (LinkageError e) {
      return Optional.empty(); // nor, perhaps, a folder where JNA may unpack its own library
    }
  }

  private static NvidiaDriver ask(NativeLibrary library) {
    int[] value = new int[1];
    int error = call(library, "cuDriverGetVersion", (Object) value);
    CudaVersion version = CudaVersion.of(value[0]);
    error = error == 0 ? call(library, "cuInit", 0) : error;
    int count = 0;
    if (error == 0) {
      error = call(library, "cuDeviceGetCount", (Object) value);
      count = error == 0 ? value[0] : 0;
    }
    List<Gpu> gpus = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gpus.add(gpu(library, i));
    }
    return new NvidiaDriver(Optional.of(version), readRelease(), error, gpus);
  }

  private static Gpu gpu(NativeLibrary library, int index) {
    int[] device = new int[1];
    byte[] name = new byte[LONGEST_NAME];
    long[] memory = new long[1];
    int[] major = new int[1];
    int[] minor = new int[1];
    call(library, "cuDeviceGet", device, index);
    call(library, "cuDeviceGetName", name, name.length, device[0]);
    call(library, "cuDeviceTotalMem_v2", memory, device[0]);
    call(library, "cuDeviceGetAttribute", major, MAJOR, device[0]);
    call(library, "cuDeviceGetAttribute", minor, MINOR, device[0]);
    return new Gpu(Native.toString(name), memory[0], major[0], minor[0]);
  }

  private static int call(NativeLibrary library, String function, Object... arguments) {
    return library.getFunction(function).invokeInt(arguments);
  }

  private static Optional<String> readRelease() {
    try {
      return Optional.of(Files.readString(RELEASE).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
