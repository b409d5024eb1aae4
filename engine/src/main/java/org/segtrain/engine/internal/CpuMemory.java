package org.segtrain.engine.internal;

/**
 * The memory of the CPU's arrays, of all engines and programs of the process. An allocator of ours
 * keeps the blocks of freed arrays for new ones of the same size ({@code
 * src/main/native/segtrain_memory.cpp}). Where {@link EngineLibrary} is not loaded, arrays stay
 * with PyTorch's own.
 */
public final class CpuMemory {

  /** A property of the JVM: {@code system} leaves arrays with PyTorch's allocator. */
  static final String ALLOCATOR = "segtrain.allocator";

  private static final boolean INSTALLED = tryInstall();

  private CpuMemory() {}

  /** Has arrays come from it from now on. Says whether it can. */
  static boolean install() {
    return INSTALLED;
  }

  /** Gives the memory of freed arrays back to the system. */
  public static void release() {
    if (INSTALLED) {
      shrink();
    }
  }

  private static boolean tryInstall() {
    if (System.getProperty(ALLOCATOR, "").equals("system") || !EngineLibrary.LOADED) {
      return false;
    }
    setAllocator();
    return true;
  }

  private static native void setAllocator();

  private static native void shrink();
}
