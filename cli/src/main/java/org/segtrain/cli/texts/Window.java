package org.segtrain.cli.texts;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** The window of a terminal. */
public interface Window {

  /** Columns now; 0 if nobody watches. */
  int width();

  /** Whether it shows blocks of parts of a letter, and not ASCII alone. */
  boolean hasBlocks();

  /** Whether a person sees what changes in it. */
  default boolean isWatched() {
    return width() > 0;
  }

  /** Nobody watches. */
  static Window none() {
    return new Of(0, false);
  }

  /** The one in which the error stream of this process is seen. */
  static Window ofProcess() {
    return new OfProcess();
  }

  /** One that keeps its size. */
  record Of(int width, boolean hasBlocks) implements Window {}

  /** Asks the system only when something is to be shown, since it loads a native library. */
  final class OfProcess implements Window {

    private static final Logger JLINE = Logger.getLogger("org.jline");
    private static final int USUAL = 80; // columns of a terminal that does not say

    private TerminalProvider provider; // null before it is asked for
    private Boolean watched; // null likewise

    private OfProcess() {}

    @Override
    public synchronized boolean isWatched() {
      if (watched == null) {
        watched = !"dumb".equals(System.getenv("TERM")) && isTerminal();
      }
      return watched;
    }

    private boolean isTerminal() {
      JLINE.setLevel(Level.OFF); // else it tells of each place where it cannot be unpacked
      try {
        provider = TerminalProvider.load("jni");
        return provider.isSystemStream(SystemStream.Error);
      } catch (IOException | RuntimeException | LinkageError e) {
        return false; // a system that the library does not know, or no place to unpack it
      }
    }

    @Override
    public synchronized int width() {
      if (!isWatched()) {
        return 0;
      }
      int width = provider.systemStreamWidth(SystemStream.Error);
      return width > 0 ? width : USUAL;
    }

    @Override
    public boolean hasBlocks() {
      String name =
          System.getProperty(
              "stderr.encoding",
              System.getProperty("sun.stderr.encoding", Charset.defaultCharset().name()));
      return Charset.isSupported(name) && Charset.forName(name).newEncoder().canEncode('\u258f');
    }
  }
}
