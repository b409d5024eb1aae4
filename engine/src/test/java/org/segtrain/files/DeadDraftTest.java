package org.segtrain.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drafts whose writers are gone, and those that only seem so. */
final class DeadDraftTest {

  @TempDir Path folder;

  @Test
  void aDraftGoesWhenItsWriterHasBeenKilledAndNotBefore() throws Exception {
    Path place = folder.resolve("model.pt");
    Process writer = writer(place);
    Draft.sweep(place);
    assertEquals(1, count(), "the writer lives");
    writer.destroyForcibly().waitFor();
    assertEquals(1, count(), "it cannot remove what it left");
    Draft.write(folder.resolve("model.pt.part"), "of another name");
    assertEquals(2, count());
    Draft.write(place, "new");
    assertEquals(2, count());
    assertEquals("new", Files.readString(place));
  }

  @Test
  void aWriterThatIsToldToEndRemovesItsDraft() throws Exception {
    Process writer = writer(folder.resolve("model.pt"));
    writer.destroy();
    writer.waitFor();
    assertEquals(0, count());
  }

  @Test
  void anotherDraftInThisProcessStays() throws IOException {
    Path place = folder.resolve("model.pt");
    try (Draft first = Draft.ofFile(place)) {
      Files.writeString(first.path(), "first");
      Draft.sweep(place);
      Draft.write(place, "second");
      assertEquals("first", Files.readString(first.path()));
    }
    assertEquals("second", Files.readString(place));
    assertEquals(1, count());
  }

  @Test
  void aFolderComesBackWhoseReplacementWasKilledBetweenItsTwoMoves() throws IOException {
    Path place = folder.resolve("served");
    Path dead = dead(place);
    Files.writeString(Files.createDirectory(dead.resolve("former")).resolve("old"), "precious");
    Draft.ofFolder(place).close();
    assertEquals("precious", Files.readString(place.resolve("old")));
    assertEquals(1, count());
  }

  @Test
  void aFolderThatHasBeenReplacedDoesNotComeBack() throws IOException {
    Path place = Files.createDirectory(folder.resolve("served"));
    Path dead = dead(place);
    Files.writeString(Files.createDirectory(dead.resolve("former")).resolve("old"), "old");
    Draft.sweep(place);
    assertEquals(0, count(place));
    assertEquals(1, count());
  }

  @Test
  void aDraftThatWasKilledBeforeItHadALockGoes() throws IOException {
    Path place = folder.resolve("model.pt");
    unlocked(place);
    Draft.sweep(place);
    assertEquals(0, count());
  }

  @Test
  void aDraftThatWasKilledAsItRemovedItselfGoes() throws IOException {
    Path place = folder.resolve("served");
    Path former = Files.createDirectory(unlocked(place).resolve("former"));
    Files.writeString(former.resolve("old"), "precious");
    Draft.sweep(place);
    assertEquals("precious", Files.readString(place.resolve("old")));
    assertEquals(1, count());
  }

  @Test
  void noSweepOfAnotherProcessTakesADraftThatIsJustBegun() throws Exception {
    Path place = folder.resolve("model.pt");
    Process sweeper = process(DraftSweeper.class, place);
    for (int i = 0; i < 300; i++) {
      String text = String.valueOf(i);
      Draft.write(place, text);
      assertEquals(text, Files.readString(place));
    }
    assertTrue(sweeper.isAlive());
    sweeper.destroyForcibly().waitFor();
    Draft.sweep(place);
    assertEquals(1, count());
  }

  private static Path dead(Path place) throws IOException {
    Path dead = unlocked(place);
    Files.createFile(dead.resolve("lock"));
    return dead;
  }

  private static Path unlocked(Path place) throws IOException {
    return Files.createDirectory(place.resolveSibling("." + place.getFileName() + ".1f-2e.part"));
  }

  private long count() throws IOException {
    return count(folder);
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  /** A process that is in the middle of a draft. */
  private static Process writer(Path place) throws IOException {
    return process(DraftHolder.class, place);
  }

  private static Process process(Class<?> program, Path place) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertEquals("begun", said.readLine());
    return process;
  }
}
