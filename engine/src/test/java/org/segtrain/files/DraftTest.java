package org.segtrain.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.errors.DataException;

final class DraftTest {

  @TempDir Path folder;

  @Test
  void aFileIsWrittenInPlaceOfAnother() throws IOException {
    Path place = Files.writeString(folder.resolve("model.pt"), "old");
    Draft.write(place, "new");
    assertEquals("new", Files.readString(place));
    assertEquals(List.of("model.pt"), names(folder));
  }

  @Test
  void aFileThatCannotBeWrittenLeavesWhatStoodThere() throws IOException {
    Path place = Files.writeString(folder.resolve("model.pt"), "precious");
    IOException full = new IOException("no space left");
    Draft.Body body =
        out -> {
          Draft.append(out, ByteBuffer.wrap(new byte[100]));
          throw full;
        };
    assertEquals(full, assertThrows(IOException.class, () -> Draft.write(place, body)));
    assertEquals("precious", Files.readString(place));
    assertEquals(List.of("model.pt"), names(folder));
  }

  @Test
  void aFileThatWouldBeTheSameIsNotWritten() throws IOException {
    Path place = Files.writeString(folder.resolve("config.json"), "same");
    FileTime before = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(place, before);
    Draft.write(place, "same");
    assertEquals(before, Files.getLastModifiedTime(place));
    Draft.write(place, "other");
    assertEquals("other", Files.readString(place));
  }

  @Test
  void textIsAddedToTheEndOfAFile() throws IOException {
    Path log = folder.resolve("log.jsonl");
    Draft.append(log, "one\n");
    Draft.append(log, "zw\u00f6lf\n");
    assertEquals("one\nzw\u00f6lf\n", Files.readString(log));
  }

  @Test
  void whatFailsInsideAFolderIsToldOfThePlaceThatTheUserNamed() throws IOException {
    Path place = folder.resolve("served");
    try (Draft outer = Draft.ofFolder(place);
        Draft inner = Draft.ofFile(outer.path().resolve("model.pt"))) {
      String sentence = inner.failure(new IOException("no space left")).getMessage();
      assertEquals("cannot write %s: no space left".formatted(place), sentence);
    }
    try (Draft own = Draft.ofFile(place)) {
      assertTrue(own.failure(new IOException("x")).getMessage().contains(place + ": x"));
    }
  }

  @Test
  void aFileWrittenByOtherMeansTakesItsPlace() throws IOException {
    Path place = Files.writeString(folder.resolve("model.pt"), "old");
    Draft.publish(Files.writeString(folder.resolve("model.pt.part"), "new"), place);
    assertEquals("new", Files.readString(place));
    assertEquals(List.of("model.pt"), names(folder));
  }

  @Test
  void aDiscardedDraftLeavesWhatStoodThere() throws IOException {
    Path place = Files.writeString(folder.resolve("model.pt"), "precious");
    Draft draft = Draft.ofFile(place);
    Files.writeString(draft.path(), "half");
    draft.close();
    assertEquals("precious", Files.readString(place));
    assertEquals(List.of("model.pt"), names(folder));
  }

  @Test
  void whatCameThereMeanwhileIsNotReplaced() throws IOException {
    Path file = folder.resolve("model.pt");
    Path served = folder.resolve("served");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("aim"));
    try (Draft ofFile = Draft.ofFile(file);
        Draft ofFolder = Draft.ofFolder(served);
        Draft ofLink = Draft.ofFile(link)) {
      Files.writeString(ofFile.path(), "new");
      Files.writeString(ofFolder.path().resolve("new"), "new");
      Files.writeString(ofLink.path(), "new");
      Files.writeString(file, "precious");
      Files.createDirectory(served); // an empty one too
      Files.writeString(link, "precious");
      for (Draft draft : List.of(ofFile, ofFolder, ofLink)) {
        IOException wrong = assertThrows(FileAlreadyExistsException.class, draft::publish);
        String sentence = draft.failure(wrong).getMessage();
        assertTrue(sentence.contains("is not replaced; name another"), sentence);
      }
    }
    Path text = folder.resolve("text");
    Draft.Body body = out -> Files.writeString(text, "precious");
    assertThrows(FileAlreadyExistsException.class, () -> Draft.write(text, body));
    for (Path precious : List.of(file, folder.resolve("aim"), text)) {
      assertEquals("precious", Files.readString(precious));
    }
    assertEquals(List.of(), names(served));
    assertEquals(List.of("aim", "link", "model.pt", "served", "text"), names(folder));
  }

  @Test
  void aDraftTakesThePlaceOfWhatWasRemovedMeanwhile() throws IOException {
    Path file = Files.writeString(folder.resolve("model.pt"), "old");
    try (Draft draft = Draft.ofFile(file)) {
      Files.writeString(draft.path(), "new");
      Files.delete(file);
      draft.publish();
    }
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("model.pt"), names(folder));
  }

  @Test
  void filesOfTheUserWithSimilarNamesStay() throws IOException {
    List<String> similar = List.of(".model.pt.12-ab.part", "model.pt.part", "model.pt.tmp");
    for (String name : similar) {
      Files.writeString(folder.resolve(name), "precious");
    }
    Draft.write(folder.resolve("model.pt"), "new");
    for (String name : similar) {
      assertEquals("precious", Files.readString(folder.resolve(name)));
    }
    assertEquals(4, names(folder).size());
  }

  @Test
  void aFolderTakesThePlaceOfAnotherWithAllThatIsInIt() throws IOException {
    Path place = Files.createDirectory(folder.resolve("served"));
    Files.writeString(place.resolve("old"), "old");
    publish(Draft.ofFolder(place));
    assertEquals(List.of("new"), names(place));
    assertEquals(List.of("served"), names(folder));
  }

  @Test
  void whatStoodThereIsBackIfTheDraftIsLost() throws IOException {
    Path place = Files.createDirectory(folder.resolve("served"));
    Files.writeString(place.resolve("old"), "precious");
    Draft draft = Draft.ofFolder(place);
    Files.delete(draft.path());
    assertThrows(IOException.class, draft::publish);
    draft.close();
    assertEquals("precious", Files.readString(place.resolve("old")));
    assertEquals(List.of("served"), names(folder));
  }

  @Test
  void whatALinkPointsToIsReplacedInItsOwnFolder() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path file = Files.writeString(elsewhere.resolve("model.pt"), "old");
    Path served = Files.createDirectory(elsewhere.resolve("served"));
    Path here = Files.createDirectory(folder.resolve("here"));
    Path toFile = Files.createSymbolicLink(here.resolve("a"), Path.of("../elsewhere/model.pt"));
    Path toFolder = Files.createSymbolicLink(here.resolve("b"), served);
    Path toNothing = Files.createSymbolicLink(here.resolve("c"), Path.of("../elsewhere/first.pt"));
    Draft.write(toFile, "new");
    publish(Draft.ofFolder(toFolder));
    Draft.write(toNothing, "first");
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("new"), names(served));
    assertEquals("first", Files.readString(elsewhere.resolve("first.pt")));
    assertEquals(List.of("first.pt", "model.pt", "served"), names(elsewhere));
    assertEquals(List.of("a", "b", "c"), names(here));
    assertTrue(Stream.of(toFile, toFolder, toNothing).allMatch(Files::isSymbolicLink));
  }

  @Test
  void placesWhereNoFileOrFolderCanBeAreRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    refused("it is a folder", () -> Draft.ofFile(folder));
    refused("it is a file", () -> Draft.ofFolder(file));
    Path missing = folder.resolve("missing");
    refused("there is no folder " + missing, () -> Draft.ofFile(missing.resolve("file")));
    Path round = Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
    refused("leads to itself", () -> Draft.ofFile(round));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceIsNotReplaced() {
    refused("it is a device", () -> Draft.ofFile(Path.of("/dev/null")));
  }

  private static void refused(String reason, Runnable action) {
    String message = assertThrows(DataException.class, action::run).getMessage();
    assertTrue(message.startsWith("cannot write ") && message.contains(reason), message);
  }

  private static void publish(Draft draft) throws IOException {
    try (draft) {
      Files.writeString(draft.path().resolve("new"), "new");
      draft.publish();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatCannotBeBegunLeavesNothingToDoAtTheEnd() throws Exception {
    Path closed = Path.of("/proc/model.pt"); // where nobody makes files
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                DraftHolder.class.getName(),
                closed.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), said);
    assertTrue(said.contains("cannot write"), said);
    assertFalse(said.contains("NullPointerException"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u8a9e", "\ud83d\ude00"}) // of one, three and four bytes
  void aNameOfTheLongestLengthIsWritten(String letter) throws IOException {
    int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
    Path place = folder.resolve(letter.repeat((255 - 4) / bytes) + ".png");
    Draft.write(place, "one");
    Draft.write(place, "two");
    assertEquals("two", Files.readString(place));
    assertEquals(List.of(place.getFileName().toString()), names(folder));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void behindALinkTheFolderAboveIsThatOfTheLinksTarget() throws IOException {
    Files.createDirectories(folder.resolve("real/sub"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real/sub"));
    Draft.write(link.resolve("../file"), "here");
    assertEquals("here", Files.readString(folder.resolve("real/file")));
    assertFalse(Files.exists(folder.resolve("file")));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theRightsOfAFileStay() throws IOException {
    Path place = Files.writeString(folder.resolve("secret"), "old");
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rw-------"));
    Draft.write(place, "new");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void foldersAreExchangedInOneStep() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one \u00fc"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(one.resolve("a"), "1");
    assertTrue(Exchange.of(one, other));
    assertEquals("1", Files.readString(other.resolve("a")));
    assertEquals(List.of(), names(one));
    assertFalse(Exchange.of(one, folder.resolve("none")));
    assertEquals(List.of(), names(one));
  }
}
