package org.segtrain.engine.internal;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import org.segtrain.errors.DataException;
import org.segtrain.files.UnpackedLibrary;

/**
 * Native code of ours in PyTorch's process ({@code src/main/native}). It is for PyTorch of one
 * version on linux-x86_64.
 */
final class EngineLibrary {

  private static final String PLATFORM = "linux-x86_64";

  /** Whether the native methods of this package can be called. */
  static final boolean LOADED = tryLoad();

  private EngineLibrary() {}

  private static boolean tryLoad() {
    if (!UnpackedLibrary.platform().equals(PLATFORM)
        || !Engine.getEngine("PyTorch").getVersion().equals(UnpackedLibrary.PYTORCH)) {
      return false;
    }
    try (InputStream in = EngineLibrary.class.getResourceAsStream(PLATFORM + ".so")) {
      byte[] library = in.readAllBytes();
      System.load(
          UnpackedLibrary.in(Utils.getEngineCacheDir("pytorch"), "engine", library)
              .toAbsolutePath()
              .toString());
      return true;
    } catch (IOException | DataException | UnsatisfiedLinkError e) {
      return false; // no room for it, or a PyTorch of another build
    }
  }
}
