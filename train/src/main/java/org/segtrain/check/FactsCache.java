package org.segtrain.check;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.segtrain.config.internal.Json;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;
import org.segtrain.errors.DataException;
import org.segtrain.files.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results of earlier checks, by path, size and time of the file. A damaged cache is ignored;
 * its compression has a checksum.
 */
final class FactsCache {

  private static final Logger LOG = LoggerFactory.getLogger("org.segtrain.check");

  /** Version of the cache; one of another version is ignored. */
  private static final String VERSION = "segtrain data check 1";

  /** The facts of a file, as a photograph or as a mask. */
  record Entry(String path, long size, long time, PhotographFacts photograph, MaskFacts mask) {

    private boolean isOf(Stamp stamp) {
      return size == stamp.size() && time == stamp.time();
    }
  }

  /** Size and time of a file, which change with it. */
  private record Stamp(long size, long time) {

    static Stamp of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.size(), now.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }
  }

  private final Path file;
  private final Map<String, Entry> known = new HashMap<>();
  private final Map<String, Entry> kept = new ConcurrentHashMap<>();

  private FactsCache(Path file) {
    this.file = file;
  }

  /** The content of {@code file}; nothing if it is missing or damaged. */
  static FactsCache read(Path file) {
    FactsCache cache = new FactsCache(file);
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      if (!VERSION.equals(in.readLine())) {
        return cache;
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Entry entry = Json.read(Json.parse(line), Entry.class);
        cache.known.put(key(entry.path(), entry.mask() != null), entry);
      }
      return cache;
    } catch (IOException | RuntimeException e) {
      return new FactsCache(file);
    }
  }

  Optional<PhotographFacts> photograph(Path path) {
    return found(path, false).map(Entry::photograph);
  }

  Optional<MaskFacts> mask(Path path) {
    return found(path, true).map(Entry::mask);
  }

  private Optional<Entry> found(Path path, boolean mask) {
    String key = key(text(path), mask);
    Entry entry = known.get(key);
    try {
      if (entry == null || !entry.isOf(Stamp.of(path))) {
        return Optional.empty();
      }
      kept.put(key, entry);
      return Optional.of(entry);
    } catch (IOException e) {
      return Optional.empty(); // reading it says why
    }
  }

  void put(Path path, PhotographFacts facts) {
    put(path, facts, null);
  }

  void put(Path path, MaskFacts facts) {
    put(path, null, facts);
  }

  private void put(Path path, PhotographFacts photograph, MaskFacts mask) {
    try {
      Stamp stamp = Stamp.of(path);
      Entry entry = new Entry(text(path), stamp.size(), stamp.time(), photograph, mask);
      kept.put(key(entry.path(), mask != null), entry);
    } catch (IOException e) {
      return; // it is gone meanwhile, and is read again if it comes back
    }
  }

  private static String text(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  /** One file may be a photograph and a mask. */
  private static String key(String path, boolean mask) {
    return (mask ? "mask " : "photograph ") + path;
  }

  /**
   * Writes the entries that were used or added. If that fails, the next check reads all files
   * again.
   */
  void write() {
    try {
      Files.createDirectories(file.getParent());
      Draft.write(file, this::write);
    } catch (FileAlreadyExistsException e) {
      return; // another check was quicker
    } catch (IOException | DataException e) {
      LOG.warn("the next check reads all files again, since {} cannot be written", file);
    }
  }

  private void write(FileChannel out) throws IOException {
    GZIPOutputStream packed = new GZIPOutputStream(Channels.newOutputStream(out));
    Writer text = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8));
    text.write(VERSION + "\n");
    for (Entry entry : kept.values()) {
      text.write(Json.line(entry) + "\n");
    }
    text.flush();
    packed.finish();
  }
}
