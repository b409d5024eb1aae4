package org.segtrain.data;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import org.segtrain.errors.DataException;
import org.segtrain.files.UnpackedLibrary;

/**
 * libjpeg-turbo and libdeflate with their vector instructions; {@code src/main/native/build.sh}
 * builds them. Both refuse whatever has a fault. Where there is no such library, ImageIO and Java's
 * inflater give the same pixels, later.
 */
final class NativeDecoder {

  private static final String PLATFORM = "linux-x86_64";

  private static final boolean IS_THERE = isLoaded();

  private NativeDecoder() {}

  /** Whether this machine has it. The other methods need it. */
  static boolean isThere() {
    return IS_THERE;
  }

  private static boolean isLoaded() {
    if (!UnpackedLibrary.platform().equals(PLATFORM)) {
      return false;
    }
    try (InputStream in = NativeDecoder.class.getResourceAsStream(PLATFORM + ".so")) {
      byte[] library = in.readAllBytes();
      System.load(
          UnpackedLibrary.in(Utils.getCacheDir().resolve("segtrain"), "images", library)
              .toAbsolutePath()
              .toString());
      return true;
    } catch (IOException | DataException | UnsatisfiedLinkError e) {
      return false; // no room for it, or a C library of another kind
    }
  }

  /**
   * Decodes a JPEG in grey or YCbCr of eight bits. Says no, perhaps with some of the pixels
   * written, to one that has another size or that libjpeg-turbo warns about.
   *
   * @param rgb gets {@code H*W*3} bytes, red first
   */
  static native boolean jpeg(byte[] file, int width, int height, byte[] rgb);

  /**
   * Unpacks a stream of zlib. Says no if it is damaged or unpacks to another length.
   *
   * @param start where it begins in {@code packed}
   * @param length bytes that it has at most
   * @param unpacked gets all of its content
   */
  static native boolean inflate(byte[] packed, int start, int length, byte[] unpacked);
}
