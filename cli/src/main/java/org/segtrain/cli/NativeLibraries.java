package org.segtrain.cli;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The engine's native libraries, which DJL unpacks from a jar once. One that was cut off since, as
 * by a full disk, would kill the JVM with a signal as it is loaded.
 *
 * @param folder where they are
 * @param sizes of the files, bytes, by their names, as the jars have them
 */
record NativeLibraries(Path folder, Map<String, Long> sizes) {

  private static final String PYTORCH = "native/lib/pytorch.properties";
  private static final String ENGINE = "pytorch-engine.properties";

  /** Without this file DJL unpacks all that are in its jar. */
  private static final String FIRST = System.mapLibraryName("torch");

  private static final String BRIDGE = System.mapLibraryName("djl_torch");

  /** Those of the jars on the class path; none if the engine takes others. */
  static Optional<NativeLibraries> ofClassPath() {
    Optional<Properties> pytorch = read(PYTORCH);
    if (pytorch.isEmpty() || Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH") != null) {
      return Optional.empty();
    }
    String flavor = pytorch.get().getProperty("flavor");
    String system = pytorch.get().getProperty("classifier");
    String name = String.join("-", pytorch.get().getProperty("version"), flavor, system);
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (String file : pytorch.get().getProperty("libraries", "").split(",", -1)) {
      put(sizes, file, "pytorch/%s/%s/%s".formatted(flavor, system, file));
    }
    String version = read(ENGINE).map(engine -> engine.getProperty("djl_version")).orElse("");
    put(sizes, version + "-" + BRIDGE, "jnilib/%s/%s/%s".formatted(system, flavor, BRIDGE));
    return Optional.of(
        new NativeLibraries(Utils.getEngineCacheDir("pytorch").resolve(name), sizes));
  }

  private static Optional<Properties> read(String resource) {
    URL place = NativeLibraries.class.getClassLoader().getResource(resource);
    if (place == null) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = place.openStream()) {
      properties.load(in);
      return Optional.of(properties);
    } catch (IOException e) {
      return Optional.empty(); // the engine says what is wrong with its jar
    }
  }

  private static void put(Map<String, Long> sizes, String file, String resource) {
    URL place = NativeLibraries.class.getClassLoader().getResource(resource);
    try {
      long size = place == null ? -1 : place.openConnection().getContentLengthLong();
      if (size > 0) {
        sizes.put(file, size);
      }
    } catch (IOException e) {
      return; // as above
    }
  }

  /**
   * Lets DJL unpack files again that are not as long as in its jar.
   *
   * @return a message for the user, if there is one
   * @throws DataException if that file cannot be removed
   */
  Optional<String> mend() {
    if (!Files.exists(folder.resolve(FIRST))) {
      return Optional.empty(); // they are unpacked when the engine starts
    }
    for (Map.Entry<String, Long> library : sizes.entrySet()) {
      Path file = folder.resolve(library.getKey());
      boolean isBridge = library.getKey().endsWith(BRIDGE);
      long size = file.toFile().length(); // 0 if it is not there
      if (size != library.getValue() && !(isBridge && size == 0)) {
        String wrong =
            "%s has %s, but the engine's has %d"
                .formatted(file, Counted.of(size, "byte"), library.getValue());
        remove(isBridge ? file : folder.resolve(FIRST), wrong);
        return Optional.of(wrong + "; unpacking it again");
      }
    }
    return Optional.empty();
  }

  private void remove(Path file, String wrong) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new DataException(
          "%s, and it cannot be removed (%s); remove the folder %s, and run again"
              .formatted(wrong, IoReason.of(e), folder),
          e);
    }
  }
}
