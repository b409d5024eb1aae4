package org.segtrain.checkpoint.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;

final class RunWriterTest {

  @TempDir private Path dir;

  /** As after a disk failed: a run whose checkpoint is whole goes on all the same. */
  @Test
  void linesOfALogThatMakeNoSenseAreLeftOut() throws IOException {
    RunFolder run = new RunFolder(dir);
    String log =
        "{\"step\":1,\"loss\":2}\n{\"st\u00ff\u00c3p\":2}\n\0\0\0\n{\"step\":3,\"loss\":1}\n[[[\n";
    Files.write(run.log(), log.getBytes(StandardCharsets.ISO_8859_1));
    assertFalse(new RunWriter(run).rewind(3));
    assertEquals(
        List.of(
            "{\"step\":1,\"loss\":2}", "{\"step\":3,\"loss\":1}", "{\"step\":3,\"resumed\":true}"),
        Files.readAllLines(run.log()));
  }
}
