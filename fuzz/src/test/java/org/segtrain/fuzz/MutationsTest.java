package org.segtrain.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Some thousand files of each kind; {@code -Dfuzz.mutations} says how many, {@code -Dfuzz.seed}
 * which.
 */
final class MutationsTest {

  private static final int USUAL = 1000;
  private static final long SMALL_HEAP = 300L << 20;

  @TempDir Path folder;

  @BeforeAll
  static void theHeapIsSmall() {
    assertTrue(Runtime.getRuntime().maxMemory() < SMALL_HEAP, "run it with -Xmx256m");
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void whateverIsWrongWithAFileItIsReadOrRefusedInASentence(Target target) throws IOException {
    int files = Integer.getInteger("fuzz.mutations", USUAL);
    String outcomes = new Fuzzing(target, folder, Long.getLong("fuzz.seed", 1)).run(files);
    System.out.println(outcomes);
    for (Mutation mutation : Mutation.values()) { // or the files were not what they should be
      assertTrue(outcomes.contains(mutation + " refused"), outcomes);
    }
    assertTrue(outcomes.contains("BITS read"), outcomes);
  }
}
