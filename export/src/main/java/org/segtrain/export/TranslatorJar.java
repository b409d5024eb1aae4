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
import org.segtrain.serving.SegmentationTranslatorFactory;

/**
 * The classes of {@code org.segtrain.serving} as a jar of their own, taken from wherever this
 * process has them: a jar, also one that holds more, or a folder of classes. The same classes give
 * the same bytes.
 */
final class TranslatorJar {

  private static final Class<?> MEMBER = SegmentationTranslatorFactory.class;
  private static final String PACKAGE = MEMBER.getPackageName().replace('.', '/');
  private static final LocalDateTime NEVER = LocalDateTime.of(1980, 1, 1, 0, 0);

  private TranslatorJar() {}

  static void write(Path jar) throws IOException {
    Path source = source();
    if (Files.isDirectory(source)) {
      pack(source, jar);
      return;
    }
    try (FileSystem inside = FileSystems.newFileSystem(source)) {
      pack(inside.getPath("/"), jar);
    }
  }

  private static Path source() throws IOException {
    try {
      return Path.of(MEMBER.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the translator's classes are in no file", e);
    }
  }

  private static void pack(Path root, Path jar) throws IOException {
    try (Stream<Path> members = Files.list(root.resolve(PACKAGE));
        ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      List<Path> classes =
          members.filter(file -> file.toString().endsWith(".class")).sorted().toList();
      for (Path file : classes) {
        ZipEntry entry = new ZipEntry(PACKAGE + "/" + file.getFileName());
        entry.setTimeLocal(NEVER);
        zip.putNextEntry(entry);
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
