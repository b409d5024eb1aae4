package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FuzzTensorFilesTest {

  @TempDir Path folder;

  @Tag("slow")
  @Test
  void whateverIsWrongWithAFileItIsReadOrRefusedInASentence() throws IOException {
    String outcomes = new FuzzTensorFiles(folder.resolve("a.bin"), 1).run(5000);
    for (Mutation mutation : Mutation.values()) { // or the files were not what they should be
      assertTrue(outcomes.contains(mutation + " refused"), outcomes);
    }
    assertTrue(outcomes.contains("BITS read"), outcomes);
  }
}
