package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.files.Draft;

/**
 * The unpacking of a zip file, all of whose entries lie in one folder. The folder appears whole or
 * not at all, and nothing is written beside it; an entry that is a link becomes a file.
 *
 * @param file the zip file
 * @param folder the name of the folder in it
 */
record Unpacking(Path file, String folder) {

  private static final int BUFFER = 1 << 16;

  /**
   * Unpacks the folder's content to {@code target}, which is not there yet.
   *
   * @throws DataException if it is no zip file, or an entry lies outside of the folder
   */
  void into(Path target) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        Draft draft = Draft.ofFolder(target)) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      refuseUnlessRoom(entries, target);
      for (ZipEntry entry : entries) {
        Path place = place(draft.path(), entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(place);
        } else {
          Files.createDirectories(place.getParent());
          write(zip, entry, place);
        }
      }
      draft.publish();
    } catch (ZipException e) {
      throw broken(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw broken("a name in it is no UTF-8", e);
    }
  }

  private DataException broken(String why, Exception cause) {
    return new DataException(
        "%s cannot be unpacked: %s; remove it and fetch it again".formatted(file, why), cause);
  }

  private void refuseUnlessRoom(List<? extends ZipEntry> entries, Path target) throws IOException {
    long need = entries.stream().mapToLong(entry -> Math.max(0, entry.getSize())).sum();
    long room = Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
    if (need > room) {
      throw new DataException(
          "%s unpacks to %d MB, but %s has room for %d MB; make room, or name another folder"
              .formatted(file, need >> 20, target.toAbsolutePath().getParent(), room >> 20));
    }
  }

  /** Where an entry goes: below {@code root}, whatever its name is. */
  private Path place(Path root, String name) {
    String start = folder + "/";
    try {
      Path place = root.resolve(name.startsWith(start) ? name.substring(start.length()) : name);
      if (name.startsWith(start)
          && name.indexOf('\\') < 0
          && place.normalize().equals(place)
          && place.startsWith(root)) {
        return place;
      }
    } catch (InvalidPathException e) {
      throw outside(name);
    }
    throw outside(name);
  }

  private DataException outside(String name) {
    return new DataException(
        "%s has the entry \"%s\", which lies outside of its folder %s; nothing was unpacked"
            .formatted(file, name, folder));
  }

  /** Writes an entry, but not more than it says it has. */
  private void write(ZipFile zip, ZipEntry entry, Path place) throws IOException {
    try (InputStream in = zip.getInputStream(entry);
        var out = Files.newOutputStream(place)) {
      byte[] buffer = new byte[BUFFER];
      long left = entry.getSize();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        left -= count;
        if (left < 0) {
          throw new DataException(
              "%s has the entry \"%s\", which is longer than the %s it says; nothing was unpacked"
                  .formatted(file, entry.getName(), Counted.of(entry.getSize(), "byte")));
        }
        out.write(buffer, 0, count);
      }
    }
  }
}
