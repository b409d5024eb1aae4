package org.segtrain.engine.internal;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import org.segtrain.errors.DataException;
import org.segtrain.files.UnpackedLibrary;

/**
 * The memory of the CPU's arrays, of all engines and programs of the process. An allocator of ours
 * keeps the blocks of freed arrays for new ones of the same size ({@code
 * src/main/native/segtrain_memory.cpp}). On other machines than linux-x86_64, and in another
 * PyTorch, arrays stay with PyTorch's own.
 */
public final class CpuMemory {

  /** A property of the JVM: {@code system} leaves arrays with PyTorch's allocator. */
  static final String ALLOCATOR = "segtrain.allocator";

  private static final String PLATFORM = "linux-x86_64";

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
    if (!UnpackedLibrary.platform().equals(PLATFORM)
        || System.getProperty(ALLOCATOR, "").equals("system")
        || !Engine.getEngine("PyTorch").getVersion().equals(UnpackedLibrary.PYTORCH)) {
      return false;
    }
    try (InputStream in = CpuMemory.class.getResourceAsStream(PLATFORM + ".so")) {
      byte[] library = in.readAllBytes();
      System.load(
          UnpackedLibrary.in(Utils.getEngineCacheDir("pytorch"), "memory", library)
              .toAbsolutePath()
              .toString());
      setAllocator();
      return true;
    } catch (IOException | DataException | UnsatisfiedLinkError e) {
      return false; // no room for it, or a PyTorch of another build
    }
  }

  private static native void setAllocator();

  private static native void shrink();
}
