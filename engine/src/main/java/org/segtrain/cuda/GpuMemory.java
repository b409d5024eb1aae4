package org.segtrain.cuda;

import ai.djl.Device;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Optional;
import java.util.OptionalLong;

/** What GPUs hold, as NVIDIA's driver has it. */
public final class GpuMemory {

  private GpuMemory() {}

  /**
   * The memory of a GPU that is in use, bytes, by all processes together. PyTorch keeps what it has
   * taken, so of a process alone it is the most that it needed until now. Nothing waits for the
   * GPU.
   *
   * @return empty on a CPU, and where the driver does not say
   */
  public static OptionalLong used(Device device) {
    Optional<NativeLibrary> driver = device.isGpu() ? NvidiaDriver.library() : Optional.empty();
    try {
      long bytes = driver.map(own -> used(own, device.getDeviceId())).orElse(0L);
      return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    } catch (UnsatisfiedLinkError e) {
      return OptionalLong.empty(); // the driver lacks a function
    }
  }

  private static long used(NativeLibrary driver, int index) {
    int[] device = new int[1];
    PointerByReference context = new PointerByReference();
    if (call(driver, "cuDeviceGet", device, index) != 0
        || call(driver, "cuDevicePrimaryCtxRetain", context, device[0]) != 0) {
      return 0;
    }
    try {
      return used(driver, context.getValue());
    } finally {
      call(driver, "cuDevicePrimaryCtxRelease_v2", device[0]);
    }
  }

  private static long used(NativeLibrary driver, Pointer context) {
    if (call(driver, "cuCtxPushCurrent_v2", context) != 0) {
      return 0;
    }
    long[] free = new long[1];
    long[] total = new long[1];
    int error = call(driver, "cuMemGetInfo_v2", free, total);
    call(driver, "cuCtxPopCurrent_v2", new PointerByReference());
    return error == 0 ? total[0] - free[0] : 0;
  }

  private static int call(NativeLibrary driver, String function, Object... arguments) {
    return driver.getFunction(function).invokeInt(arguments);
  }
}
