package org.segtrain.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DraftTest {

  @TempDir Path folder;

  @Test
  void aFolderTakesThePlaceOfAnotherWithAllThatIsInIt() throws IOException {
    Path place = Files.createDirectory(folder.resolve("served"));
    Files.writeString(place.resolve("old"), "old");
    Draft draft = Draft.ofFolder(place);
    Files.writeString(draft.path().resolve("new"), "new");
    draft.publish();
    draft.discard();
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
    draft.discard();
    assertEquals("precious", Files.readString(place.resolve("old")));
    assertEquals(List.of("served"), names(folder));
  }

  @Test
  void aDiscardedDraftLeavesWhatStoodThere() throws IOException {
    Path place = Files.writeString(folder.resolve("model.pt"), "precious");
    Draft draft = Draft.ofFile(place);
    Files.writeString(draft.path(), "half");
    draft.discard();
    assertEquals("precious", Files.readString(place));
    assertEquals(List.of("model.pt"), names(folder));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
