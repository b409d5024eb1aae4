package org.segtrain.augment;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.opencv.core.Core;
import org.segtrain.files.Draft;

/**
 * OpenCV's native library, unpacked once into DJL's cache folder, as DJL does with PyTorch's. The
 * artefact's own loader unpacks 65 MB into a temporary folder in every run and leaves it there when
 * the process is killed.
 */
final class OpenCvLibrary {

  private static boolean loaded;

  private OpenCvLibrary() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    String file = System.mapLibraryName(Core.NATIVE_LIBRARY_NAME);
    Path unpacked = Utils.getCacheDir().resolve("opencv").resolve(Core.VERSION).resolve(file);
    try {
      String resource = "/nu/pattern/opencv/" + platform() + "/" + file;
      if (!Files.exists(unpacked) || isCutOff(unpacked, resource)) {
        unpack(resource, unpacked);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack OpenCV to " + unpacked, e);
    }
    System.load(unpacked.toAbsolutePath().toString());
    Core.setNumThreads(0); // the workers of Batches are the threads
    loaded = true;
  }

  /** A library that ends early kills the JVM with a signal as it is loaded. */
  private static boolean isCutOff(Path unpacked, String resource) throws IOException {
    URL whole = Core.class.getResource(resource);
    long size = whole == null ? -1 : whole.openConnection().getContentLengthLong();
    return size > 0 && Files.size(unpacked) != size;
  }

  private static void unpack(String resource, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try (InputStream in = Core.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "OpenCV has no library for this machine (%s); segtrain runs on 64-bit Linux, macOS"
                    .formatted(platform())
                + " and Windows");
      }
      try (Draft draft = Draft.ofFile(target)) {
        Files.copy(in, draft.path());
        draft.publish();
      } catch (FileAlreadyExistsException e) {
        return; // another process was quicker
      }
    }
  }

  /** As the artefact names it: "linux/x86_64", "osx/ARMv8". */
  private static String platform() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = name.contains("mac") ? "osx" : name.contains("win") ? "windows" : "linux";
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (machine) {
      case "aarch64", "arm64" -> system + "/ARMv8";
      case "amd64", "x86_64" -> system + "/x86_64";
      default -> system + "/" + machine;
    };
  }
}
