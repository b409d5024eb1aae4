package org.segtrain.tensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.segtrain.tensors.Refusals.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zip files that lie about what is in them. */
final class HostileZipsTest {

  private static final byte[] EMPTY = {(byte) 0x80, 2, '}', '.'};

  @TempDir Path folder;

  @Test
  void aSmallFileThatUnpacksToALargePickleIsRefused() throws IOException {
    byte[] bomb = Zips.of(Map.of("data.pkl", new byte[70_000_000]), ZipOutputStream.DEFLATED);
    refuse(bomb, "its entry any/data.pkl has 70000000 bytes");
  }

  @Test
  void anEntryThatUnpacksToMoreOrLessThanItSaysIsRefused() throws IOException {
    byte[] zip = Zips.of(Map.of("data.pkl", EMPTY), ZipOutputStream.DEFLATED);
    int central = new String(zip, ISO_8859_1).indexOf("PK\1\2");
    for (byte length : new byte[] {3, 5}) {
      zip[central + 24] = length;
      refuse(zip, "has another length than it says");
    }
    zip[central + 24] = (byte) EMPTY.length;
    zip[central + 10] = 14; // a method that Python's own writer has
    refuse(zip, "has another length than it says");
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    byte[] zip =
        Zips.of(Map.of("data.pkl", EMPTY, "datb.pkl", new byte[3]), ZipOutputStream.STORED);
    String twice = new String(zip, ISO_8859_1).replace("datb.pkl", "data.pkl");
    refuse(twice.getBytes(ISO_8859_1), "or has one twice");
  }

  @Test
  void anEntryBeyondTheFileIsRefused() throws IOException {
    byte[] zip = Zips.of(Map.of("data.pkl", EMPTY), ZipOutputStream.STORED);
    int central = new String(zip, ISO_8859_1).indexOf("PK\1\2");
    zip[central + 44] = 1; // of the position
    refuse(zip, "it names 30 bytes from");
  }

  @Test
  void aZipFileOfAnotherProgramIsRefused() throws IOException {
    refuse(
        Zips.of(Map.of("word.xml", EMPTY), ZipOutputStream.STORED), "without PyTorch's data.pkl");
  }

  @Test
  void aCommentBehindTheEntriesIsAllowed() throws IOException {
    byte[] zip = Zips.of(EMPTY);
    byte[] commented = Arrays.copyOf(zip, zip.length + 7);
    commented[zip.length - 2] = 7;
    try (TensorFile file = TensorFile.open(Files.write(folder.resolve("a.pth"), commented))) {
      assertEquals(Map.of(), file.tensors());
    }
    commented[zip.length - 2] = 6;
    refuse(commented, "it ends before its list of entries");
  }

  private void refuse(byte[] zip, String why) throws IOException {
    Path file = Files.write(folder.resolve("a.pth"), zip);
    assertRefused(() -> TensorFile.open(file).close(), file + " is broken: ", why);
  }
}
