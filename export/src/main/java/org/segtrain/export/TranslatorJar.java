package org.segtrain.export;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.segtrain.images.InputSize;
import org.segtrain.serving.SegmentationTranslatorFactory;

/**
 * The classes of {@code org.segtrain.serving} and {@code org.segtrain.images} as a jar of their
 * own, taken from wherever this process has them: jars, also one that holds more, or folders of
 * classes. The same classes give the same bytes.
 */
final class TranslatorJar {

  /** One class of each package. */
  private static final List<Class<?>> MEMBERS =
      List.of(InputSize.class, SegmentationTranslatorFactory.class);

  private static final LocalDateTime NEVER = LocalDateTime.of(1980, 1, 1, 0, 0);

  private TranslatorJar() {}

  static void write(Path jar) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> member : MEMBERS) {
        pack(member, zip);
      }
    }
  }

  private static void pack(Class<?> member, ZipOutputStream zip) throws IOException {
    String name = member.getPackageName().replace('.', '/');
    Path source = source(member);
    if (Files.isDirectory(source)) {
      pack(source, name, zip);
      return;
    }
    try (FileSystem inside = FileSystems.newFileSystem(source)) {
      pack(inside.getPath("/"), name, zip);
    }
  }

  private static Path source(Class<?> member) throws IOException {
    try {
      return Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the classes of the translator are in no file", e);
    }
  }

  private static void pack(Path root, String name, ZipOutputStream zip) throws IOException {
    try (Stream<Path> members = Files.list(root.resolve(name))) {
      List<Path> classes =
          members.filter(file -> file.toString().endsWith(".class")).sorted().toList();
      for (Path file : classes) {
        ZipEntry entry = new ZipEntry(name + "/" + file.getFileName());
        entry.setTimeLocal(NEVER);
        zip.putNextEntry(entry);
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
