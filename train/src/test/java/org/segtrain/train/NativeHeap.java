package org.segtrain.train;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import java.util.OptionalLong;

/** What native code has allocated and not freed, as the GNU C library counts it. */
final class NativeHeap {

  private static final GnuLibrary LIBRARY = load();

  private NativeHeap() {}

  /** Bytes allocated now, by the engine and by the virtual machine; empty with other libraries. */
  static OptionalLong now() {
    if (LIBRARY == null) {
      return OptionalLong.empty();
    }
    Usage usage = LIBRARY.mallinfo2();
    return OptionalLong.of(usage.uordblks.longValue() + usage.hblkhd.longValue());
  }

  private static GnuLibrary load() {
    try {
      GnuLibrary library = Native.load("c", GnuLibrary.class);
      library.mallinfo2();
      return library;
    } catch (UnsatisfiedLinkError e) {
      return null; // another system, or a version before 2.33
    }
  }

  /** The part of the library that is called. */
  interface GnuLibrary extends Library {

    /** What mallinfo2(3) says of all arenas. */
    Usage mallinfo2();
  }

  /** {@code struct mallinfo2}: in use are {@code uordblks} in arenas and {@code hblkhd} in maps. */
  @FieldOrder({
    "arena", "ordblks", "smblks", "hblks", "hblkhd",
    "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"
  })
  public static final class Usage extends Structure implements Structure.ByValue {
    public NativeLong arena;
    public NativeLong ordblks;
    public NativeLong smblks;
    public NativeLong hblks;
    public NativeLong hblkhd;
    public NativeLong usmblks;
    public NativeLong fsmblks;
    public NativeLong uordblks;
    public NativeLong fordblks;
    public NativeLong keepcost;
  }
}
