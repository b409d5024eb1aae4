package org.segtrain.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.errors.DataException;

class HadoopFilesTest {

  private final Configuration conf = new Configuration(false);

  @TempDir private Path dir;

  @Test
  void aFileIsThereWholeOrNotAtAll() throws IOException {
    Path file = dir.resolve("a/b:c d.txt");
    HadoopFiles.publish(
        place(file),
        conf,
        out -> {
          out.write('1');
          assertTrue(Files.notExists(file));
        });
    assertEquals("1", Files.readString(file));
    assertThrows(
        IOException.class,
        () ->
            HadoopFiles.publish(
                place(dir.resolve("a/z")),
                conf,
                out -> {
                  out.write('2');
                  throw new IOException("full");
                }));
    assertEquals(Map.of("a/b:c d.txt", List.of((byte) '1')), OnSpark.files(dir));
  }

  @Test
  void whatAnotherTaskWroteMeanwhileStays() throws IOException {
    Path file = dir.resolve("a.txt");
    HadoopFiles.publish(
        place(file),
        conf,
        slow -> {
          HadoopFiles.publish(place(file), conf, fast -> fast.write('1'));
          slow.write('1');
        });
    assertEquals("1", Files.readString(file));
    assertEquals(1, OnSpark.files(dir).size());
  }

  @Test
  void aFolderIsNoFinishedFile() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("a.png/b"));
    assertThrows(
        IOException.class,
        () -> HadoopFiles.publish(place(folder.getParent()), conf, out -> out.write('1')));
    assertFalse(HadoopFiles.isFile(place(folder.getParent()), conf));
    Path empty = Files.writeString(dir.resolve("c.png"), "");
    assertFalse(HadoopFiles.isFile(place(empty), conf));
    assertEquals(List.of(), OnSpark.files(folder.getParent()).keySet().stream().toList());
  }

  @Test
  void whatCannotBeWrittenIsSaidBefore() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    DataException wrong =
        assertThrows(
            DataException.class,
            () -> HadoopFiles.requireReplaceable(place(file.resolve("x/y")), conf, "head"));
    assertTrue(wrong.getMessage().startsWith("cannot write " + file), wrong.getMessage());
    HadoopFiles.requireReplaceable(place(dir.resolve("out/y")), conf, "head");
    assertEquals(List.of("file"), OnSpark.files(dir).keySet().stream().toList());
  }

  @Test
  void onlyItsOwnTextsAreReplaced() throws IOException {
    Path file = dir.resolve("report.csv");
    HadoopFiles.replace(place(file), conf, "head\n1", "head\n");
    HadoopFiles.replace(place(file), conf, "head\n2", "head\n");
    assertEquals("head\n2", HadoopFiles.read(place(file), conf));
    Files.write(file, "other".getBytes(StandardCharsets.UTF_8));
    DataException wrong =
        assertThrows(
            DataException.class, () -> HadoopFiles.replace(place(file), conf, "head\n3", "head\n"));
    assertTrue(wrong.getMessage().contains("is no earlier result"), wrong.getMessage());
  }

  private static org.apache.hadoop.fs.Path place(Path file) {
    return new org.apache.hadoop.fs.Path(file.toString());
  }
}
