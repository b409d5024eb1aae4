package org.segtrain.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileKindTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          EMPTY         | ''
          PAGE          | <!DOCTYPE html><html>
          PAGE          | <html lang="en">
          POINTER       | version https://git-lfs.github.com/spec/v1
          CONFIGURATION | {  "config" : {"model" : {}}}
          LOG           | {"step":1,"iterations":60}
          CARD          | { "format" : "segtrain export 1", "version" : "1.0.0"
          SHARD         | {  "shard" : "1/2",
          JSON          | {"model": {}}
          JSON          | [1, 2]
          JSON          | {}
          TEXT          | {hello}
          TEXT          | mIoU was 0.5
          TEXT          | über
          """)
  void aTextIsKnownByItsBeginning(FileKind kind, String text) {
    byte[] start = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(Optional.of(kind), FileKind.of(start));
  }

  @ParameterizedTest
  @CsvSource({
    "ZIP, 80 75 3 4 20",
    "GZIP, 31 139 8",
    "PNG, 137 80 78 71 13 10",
    "JPEG, 255 216 255 224",
    "TIFF, 73 73 42 0 8",
    "TIFF, 77 77 0 43 0",
    "PICKLE, 128 2 138"
  })
  void otherFilesAreKnownByTheirMarks(FileKind kind, String numbers) {
    String[] words = numbers.split(" ", -1);
    byte[] start = new byte[words.length];
    for (int i = 0; i < start.length; i++) {
      start[i] = (byte) Integer.parseInt(words[i]);
    }
    assertEquals(Optional.of(kind), FileKind.of(start));
  }

  @Test
  void whatIsNotKnownIsSaidSo() {
    Optional<FileKind> kind = FileKind.of(new byte[] {1, 2, 3});
    assertEquals("of no known form", FileKind.words(kind));
    byte[] archive = new byte[FileKind.LOOKED_AT];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, archive, 257, 5);
    assertEquals(Optional.of(FileKind.TAR), FileKind.of(archive));
  }
}
