package org.segtrain.files;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.Map;

/** Two paths that exchange what they name in one step, where the system can. */
final class Exchange {

  private static final int CURRENT_FOLDER = -100; // AT_FDCWD, which whole paths do not need
  private static final int LINUX_EXCHANGE = 2; // RENAME_EXCHANGE of renameat2(2)
  private static final int MAC_SWAP = 2; // RENAME_SWAP of renamex_np(2)

  private Exchange() {}

  /**
   * Exchanges them.
   *
   * @return whether it was done; else both are as they were
   */
  static boolean of(Path one, Path other) {
    String first = one.toAbsolutePath().toString();
    String second = other.toAbsolutePath().toString();
    try {
      if (Platform.isLinux()) {
        return call("renameat2", CURRENT_FOLDER, first, CURRENT_FOLDER, second, LINUX_EXCHANGE);
      }
      return Platform.isMac() && call("renamex_np", first, second, MAC_SWAP);
    } catch (LinkageError | RuntimeException e) {
      return false; // an older system, or one that JNA does not know
    }
  }

  private static boolean call(String function, Object... arguments) {
    String names = System.getProperty("sun.jnu.encoding");
    NativeLibrary system =
        NativeLibrary.getInstance(
            Platform.C_LIBRARY_NAME, Map.of(Library.OPTION_STRING_ENCODING, names));
    Function call = system.getFunction(function);
    return call.invokeInt(arguments) == 0;
  }
}
