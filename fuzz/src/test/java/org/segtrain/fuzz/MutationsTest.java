package org.segtrain.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Some hundred files of each kind; {@code -Dfuzz.mutations} says how many, {@code -Dfuzz.seed}
 * which, {@code -Dfuzz.targets=PNG,LIST} of which kinds, and {@code -Dfuzz.sentences=true} prints
 * the sentences that they are refused with.
 */
final class MutationsTest {

  /** Also where {@link GuidedTest} begins. */
  static final Path FOUND = Path.of("src", "test", "resources", "found");

  private static final int USUAL = 200;
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
    assumeTrue(target.isChosen());
    int files = Integer.getInteger("fuzz.mutations", USUAL);
    Fuzzing fuzzing = new Fuzzing(target, folder, Long.getLong("fuzz.seed", 1));
    for (Path known : found(target)) {
      fuzzing.check("FOUND", Files.readAllBytes(known));
    }
    String outcomes = fuzzing.run(files);
    System.out.println(outcomes);
    if (Boolean.getBoolean("fuzz.sentences")) {
      fuzzing.sentences().forEach((text, count) -> System.out.println(count + " x " + text));
    }
    for (Mutation mutation : target.mutations()) { // or the files were not what they should be
      assertTrue(outcomes.contains(mutation + (target.refuses() ? " refused" : " read")), outcomes);
    }
    assertTrue(target.hidesAll() || outcomes.contains(" read"), outcomes);
  }

  /** Files that were answered badly once. */
  private static List<Path> found(Target target) throws IOException {
    Path dir = FOUND.resolve(target.name());
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }
}
