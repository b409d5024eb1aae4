package org.segtrain.releases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.errors.DataException;
import org.segtrain.files.CheckSum;

class DataArchiveTest {

  private static final Patience QUICK =
      new Patience(3, Duration.ofMillis(5), Duration.ofSeconds(20), 1000);

  @TempDir Path dir;

  private final FileServer server = new FileServer(this::written);
  private final List<String> said = new ArrayList<>();

  private long written() {
    return dir.resolve("Data.zip.part").toFile().length(); // 0 if there is none
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anArchiveIsFetchedAndUnpackedAndTheTermsAreSaidFirst() throws IOException {
    server.content = zip("Data/", "Data/images/a.jpg", "Data/list.txt");
    List<Long> progress = new ArrayList<>();
    Path folder =
        archive(sum())
            .fetch(
                dir,
                QUICK,
                said::add,
                (bytes, total) -> {
                  assertEquals(List.of("the terms"), said);
                  progress.add(total);
                });
    assertEquals(dir.resolve("Data"), folder);
    assertEquals(
        "Data/list.txt",
        Files.readString(folder.resolve("list.txt"), StandardCharsets.ISO_8859_1).substring(0, 13));
    assertTrue(Files.exists(folder.resolve("images/a.jpg")));
    assertEquals(List.of("Data"), left());
    assertEquals((long) server.content.length, progress.get(0));
    archive(sum()).fetch(dir, QUICK, said::add, (bytes, total) -> {});
    assertEquals(1, server.ranges.size());
    assertTrue(said.get(said.size() - 1).contains("is there already"));
  }

  @Test
  void aBrokenDownloadGoesOn() throws IOException {
    server.content = zip("Data/large", "Data/larger");
    server.broken = 1;
    archive(sum()).fetch(dir, QUICK, said::add, (bytes, total) -> {});
    assertEquals(2, server.ranges.size());
    assertEquals("none", server.ranges.get(0));
    assertTrue(server.ranges.get(1).matches("bytes=[1-9]\\d+-"), server.ranges.get(1));
    assertTrue(Files.exists(dir.resolve("Data/larger")));
  }

  @Test
  void anotherCheckSumIsRefusedAndNothingIsKept() throws IOException {
    server.content = zip("Data/a");
    DataException refused = refused(archive("0".repeat(40)));
    assertTrue(refused.getMessage().contains("has SHA-1 " + sum()), refused.getMessage());
    assertTrue(refused.getMessage().contains("is " + "0".repeat(40)), refused.getMessage());
    assertEquals(List.of(), left());
  }

  @Test
  void aFileThatWasFetchedByHandIsChecked() throws IOException {
    server.content = zip("Data/a");
    Files.write(dir.resolve("Data.zip"), zip("Data/other"));
    assertTrue(refused(archive(sum())).getMessage().contains("remove the file"));
    assertTrue(Files.exists(dir.resolve("Data.zip")));
    Files.write(dir.resolve("Data.zip"), server.content);
    archive(sum()).fetch(dir, QUICK, said::add, (bytes, total) -> {});
    assertEquals(List.of(), server.ranges);
    assertTrue(Files.exists(dir.resolve("Data/a")));
    assertEquals(List.of("Data", "Data.zip"), left(), "it is not ours to remove");
  }

  @Test
  void aPartOfSomebodyStays() throws IOException {
    server.content = zip("Data/a");
    Path part = Files.writeString(dir.resolve("Data.zip.part"), "a browser's");
    assertTrue(refused(archive(sum())).getMessage().contains("no part that segtrain fetched"));
    assertEquals("a browser's", Files.readString(part));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "/evil",
        "Data/../evil",
        "Data/../../evil",
        "Data/a/../../../evil",
        "Other/evil",
        "Data/..\\..\\evil",
        "Data//etc/evil",
        "Data/./evil",
        "Data"
      })
  void nothingIsWrittenOutsideOfTheFolder(String entry) throws IOException {
    server.content = zip("Data/good", entry);
    assertTrue(refused(archive(sum())).getMessage().contains("outside of its folder Data"));
    assertFalse(Files.exists(dir.resolve("Data")));
    try (Stream<Path> files = Files.walk(dir)) {
      assertFalse(files.anyMatch(file -> file.endsWith("evil") || file.endsWith("good")));
    }
    assertFalse(Files.exists(dir.resolveSibling("evil")));
  }

  @Test
  void aNameThatIsNoUtf8IsRefused() throws IOException {
    String zip = new String(zip("Data/a"), StandardCharsets.ISO_8859_1);
    server.content = zip.replace("Data/a", "Data/\u00ff").getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(refused(archive(sum())).getMessage().contains("cannot be unpacked: "));
  }

  @Test
  void whatIsNoZipIsRefused() {
    server.content = FileServer.content(3);
    assertTrue(refused(archive(sum())).getMessage().contains("cannot be unpacked"));
    assertFalse(Files.exists(dir.resolve("Data")));
  }

  private DataException refused(DataArchive archive) {
    return assertThrows(
        DataException.class, () -> archive.fetch(dir, QUICK, said::add, (bytes, total) -> {}));
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private DataArchive archive(String sum) {
    return new DataArchive("data", server.uri(), 10_000_000, sum, "Data", "the terms");
  }

  private String sum() {
    try {
      Path file = Files.createTempFile("archive", ".zip");
      Files.write(file, server.content);
      String sum = CheckSum.sha1(file);
      Files.delete(file);
      return sum;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each entry begins with its name, and is long and random behind it. */
  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SplittableRandom random = new SplittableRandom(1);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        if (!name.endsWith("/")) {
          byte[] noise = new byte[FileServer.SIZE];
          random.nextBytes(noise);
          zip.write(name.getBytes(StandardCharsets.UTF_8));
          zip.write(noise);
        }
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
