package org.segtrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files appear whole or not at all, since {@code org.segtrain.files} alone writes into places that
 * a user named. What else opens a file to write, moves or deletes one, is in a list, with the
 * reason.
 */
class WritersTest {

  private static final Path ROOT = Path.of("..");

  private static final Pattern WRITER =
      Pattern.compile(
          "Files\\.(?:write|writeString|newOutputStream|newBufferedWriter|newByteChannel|copy|move"
              + "|createFile|createTemp\\w+|createLink|createSymbolicLink|delete\\w*)\\("
              + "|StandardOpenOption\\.(?:WRITE|APPEND|CREATE|CREATE_NEW|TRUNCATE_EXISTING)\\b"
              + "|\\b(?:FileOutputStream|FileWriter|RandomAccessFile|FileImageOutputStream)\\b"
              + "|ImageIO\\.(?:write|createImageOutputStream|setUseCache)\\("
              + "|\\bnew (?:PrintWriter|PrintStream|Formatter)\\((?:file|path|new File)");

  private static final Set<String> INTO_A_DRAFT =
      Set.of(
          "org/segtrain/torchscript/ScriptArchive.java",
          "org/segtrain/onnx/Onnx.java",
          "org/segtrain/export/DjlFolder.java",
          "org/segtrain/export/TranslatorJar.java",
          "org/segtrain/cuda/CudaLibrary.java",
          "org/segtrain/augment/OpenCvLibrary.java");

  private static final Set<String> NO_FILE_OF_A_USER =
      Set.of(
          "org/segtrain/engine/internal/Trace.java", // what the profiler writes for us to read
          "org/segtrain/checkpoint/internal/RunLock.java", // a lock
          "org/segtrain/checkpoint/internal/RunWriter.java", // takes old checkpoints out
          "org/segtrain/page/internal/Thumbnail.java", // into memory
          "org/segtrain/torchscript/Calibration.java", // removes a program that it ran
          "org/segtrain/cli/NativeLibraries.java", // removes what DJL unpacks again
          "org/segtrain/cli/Output.java", // the output stream
          "org/segtrain/spark/Fetched.java", // a copy that is read and removed
          "org/segtrain/spark/ModelPlace.java", // likewise
          "org/segtrain/serving/MaskPng.java"); // into memory

  /** Downloads grow beside their place, and go on where they stopped. */
  private static final String DOWNLOADS = "org/segtrain/releases/";

  private static final String HOME = "org/segtrain/files/";

  @Test
  void everyOtherFileGoesThroughADraft() throws IOException {
    Set<String> writers = new TreeSet<>();
    for (Path module : modules()) {
      for (Path file : javaFiles(module)) {
        String name = module.relativize(file).toString().replace('\\', '/');
        if (writes(file) && !name.startsWith(HOME) && !name.startsWith(DOWNLOADS)) {
          writers.add(name);
        }
      }
    }
    Set<String> known = new TreeSet<>(INTO_A_DRAFT);
    known.addAll(NO_FILE_OF_A_USER);
    assertEquals(known, writers, "sources that write files by themselves; write through Draft");
  }

  private static boolean writes(Path file) throws IOException {
    return Files.readAllLines(file, UTF_8).stream()
        .filter(line -> !line.startsWith("import "))
        .anyMatch(line -> WRITER.matcher(line).find());
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static List<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
