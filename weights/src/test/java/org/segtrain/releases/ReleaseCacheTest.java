package org.segtrain.releases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.errors.DataException;
import org.segtrain.files.CheckSum;

class ReleaseCacheTest {

  private static final Patience QUICK =
      new Patience(3, Duration.ofMillis(5), Duration.ofSeconds(20), 1000);

  @TempDir Path folder;

  private final FileServer server = new FileServer(this::written);
  private final List<String> said = new ArrayList<>();

  private long written() {
    File part = folder.resolve("some_imagenet.pth.part").toFile();
    return part.length(); // 0 if there is none
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aFileIsFetchedOnceAndItsLicenceSaidOnce() throws IOException {
    List<Long> progress = new ArrayList<>();
    Path file = cache(QUICK).fetch(release(""), (bytes, total) -> progress.add(bytes + total));
    assertEquals(folder.resolve("some_imagenet.pth"), file);
    assertWhole(file);
    assertEquals(2L * FileServer.SIZE, progress.get(progress.size() - 1));
    assertEquals(file, cache(QUICK).fetch(release(""), (bytes, total) -> {}));
    assertEquals(List.of("none"), server.ranges);
    Files.delete(file);
    assertWhole(fetch());
    assertEquals(
        List.of(
            "some_imagenet belongs to its authors (https://github.com/HRNet/HRFormer), licence: MIT"),
        said);
  }

  @Test
  void aBrokenConnectionIsGoneOnFrom() throws IOException {
    server.broken = 1;
    assertWhole(fetch());
    assertEquals(List.of("none", "bytes=150000-"), server.ranges);
  }

  @Test
  void aLaterCommandGoesOnFromWhatAnEarlierOneLeft() throws IOException {
    server.broken = 1;
    Patience once = new Patience(1, Duration.ZERO, Duration.ofSeconds(20), 1000);
    assertRefused(
        cache(once), release(""), "150000 bytes are here, and the same command goes on from them");
    assertFalse(Files.exists(folder.resolve("some_imagenet.pth")));
    assertWhole(fetch());
    assertEquals(List.of("none", "bytes=150000-"), server.ranges);
    try (var left = Files.list(folder)) {
      assertEquals(3, left.count()); // the file, the licence, the lock
    }
  }

  @Test
  void aServerThatIgnoresRangesIsReadFromTheStart() throws IOException {
    server.broken = 1;
    server.knowsRanges = false;
    assertWhole(fetch());
    assertEquals(List.of("none", "bytes=150000-"), server.ranges);
  }

  @Test
  void halvesOfDifferentFilesAreNotPutTogether() throws IOException {
    leaveHalf();
    server.content = FileServer.content(2);
    server.etag = "\"two\"";
    assertWhole(fetch());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"weak\""})
  void withoutAStrongETagItBeginsAnew(String etag) throws IOException {
    server.etag = etag.isEmpty() ? null : etag;
    server.broken = 1;
    assertWhole(fetch());
    assertEquals(List.of("none", "none"), server.ranges);
  }

  @Test
  void moreThanTheServerHasIsThrownAway() throws IOException {
    leaveHalf();
    server.content = FileServer.content(2, 1000);
    assertWhole(fetch());
  }

  @Test
  void aServerThatIsBusyIsAskedAgain() {
    server.status = 503;
    assertRefused(cache(QUICK), release(""), "the server answers with status 503");
    assertEquals(3, server.ranges.size());
  }

  @Test
  void aServerThatFallsSilentIsAskedForTheRest() throws IOException {
    server.silence = 60_000;
    Patience impatient = new Patience(2, Duration.ZERO, Duration.ofSeconds(2), 1000);
    ReleaseCache cache = cache(impatient);
    Thread mended = new Thread(() -> mendAfterFirst());
    mended.start();
    assertWhole(cache.fetch(release(""), (bytes, total) -> {}));
    assertEquals(List.of("none", "bytes=150000-"), server.ranges);
  }

  private void mendAfterFirst() {
    try {
      server.silent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.silence = 0;
  }

  @Test
  void aServerThatIsNotThereIsSaidSo() {
    Release release = release("");
    server.close();
    assertRefused(
        cache(QUICK),
        release,
        "its server cannot be reached",
        "look at the network, and give the same command again");
  }

  @Test
  void aMissingFileIsNotAskedForTwice() {
    server.status = 404;
    assertRefused(
        cache(QUICK),
        release(""),
        "some_imagenet: " + server.uri() + " answers with status 404; see https://github.com/",
        "save the file as " + folder.resolve("some_imagenet.pth"));
    assertEquals(1, server.ranges.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html; charset=utf-8", "application/octet-stream"})
  void aWebPageIsNotTakenForTheFile(String type) throws IOException {
    server.type = type;
    server.content = "<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8);
    assertRefused(cache(QUICK), release(""), "answers with a web page instead of a file");
    assertFalse(Files.exists(folder.resolve("some_imagenet.pth.part")));
  }

  @Test
  void aWrongCheckSumIsRefusedWithBothAndNotKept() throws IOException {
    Path file = Files.write(folder.resolve("content"), server.content);
    String right = CheckSum.sha256(file);
    assertRefused(cache(QUICK), release("00000000"), right, "should be 00000000");
    assertFalse(Files.exists(folder.resolve("some_imagenet.pth.part")));
    Release ofEightDigits = release(right.substring(0, 8));
    assertWhole(cache(QUICK).fetch(ofEightDigits, (bytes, total) -> {}));
  }

  @Test
  void offlineOnlyWhatIsHereIsGiven() throws IOException {
    ReleaseCache offline = new ReleaseCache(folder, true, said::add, QUICK);
    Path file = folder.resolve("some_imagenet.pth");
    assertRefused(
        offline,
        release(""),
        "segtrain is offline; put the file from %s at %s".formatted(server.uri(), file));
    assertEquals(List.of(), server.ranges);
    Files.write(file, server.content);
    assertEquals(file, offline.fetch(release(""), (bytes, total) -> {}));
  }

  @Test
  void whatNeedsABrowserSaysWhereItGoes() {
    Release page = release(server.uri(), false, "");
    assertRefused(
        cache(QUICK),
        page,
        "needs a browser: save the file from %s as %s"
            .formatted(server.uri(), folder.resolve("some_imagenet.pth")));
    assertEquals(List.of(), server.ranges);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    ReleaseCache cache = new ReleaseCache(file, false, said::add, QUICK);
    assertRefused(cache, release(""), "cannot write to " + file, "set SEGTRAIN_CACHE");
  }

  @Test
  void twoProcessesFetchItOnce() throws Exception {
    server.silence = 1000;
    Process one = FetchingProcess.start(server.uri(), folder);
    Process two = FetchingProcess.start(server.uri(), folder);
    String file = folder.resolve("some_imagenet.pth").toString();
    for (Process process : List.of(one, two)) {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), out);
      assertTrue(out.strip().endsWith(file), out);
    }
    assertEquals(List.of("none"), server.ranges);
  }

  @Test
  void aKilledProcessLeavesWhatItHad() throws Exception {
    server.silence = 60_000;
    Process killed = FetchingProcess.start(server.uri(), folder);
    Path part = folder.resolve("some_imagenet.pth.part");
    while (killed.isAlive() && (!Files.exists(part) || Files.size(part) < FileServer.HALF)) {
      Thread.sleep(20);
    }
    killed.destroyForcibly().waitFor();
    server.silence = 0;
    assertWhole(fetch());
    assertEquals(List.of("none", "bytes=150000-"), server.ranges);
  }

  @Test
  void theUsersFolderIsWhatTheySay() {
    assertEquals(Path.of("own", "releases"), ReleaseCache.folder("own", "caches"));
    assertEquals(Path.of("caches", "segtrain", "releases"), ReleaseCache.folder(null, "caches"));
    assertEquals(
        Path.of(System.getProperty("user.home"), ".cache", "segtrain", "releases"),
        ReleaseCache.folder("", null));
  }

  private void leaveHalf() {
    server.broken = 1;
    Patience once = new Patience(1, Duration.ZERO, Duration.ofSeconds(20), 1000);
    assertRefused(cache(once), release(""), "bytes are here");
  }

  private ReleaseCache cache(Patience patience) {
    return new ReleaseCache(folder, false, said::add, patience);
  }

  private Path fetch() {
    return cache(QUICK).fetch(release(""), (bytes, total) -> {});
  }

  private Release release(String sha256) {
    return release(server.uri(), true, sha256);
  }

  static Release release(URI place, boolean direct, String sha256) {
    return new Release(
        "some_imagenet", Family.HRFORMER, "some", "", "top-1 1", place, direct, sha256);
  }

  private void assertWhole(Path file) throws IOException {
    assertArrayEquals(server.content, Files.readAllBytes(file));
  }

  private static void assertRefused(ReleaseCache cache, Release release, String... parts) {
    String message =
        assertThrows(DataException.class, () -> cache.fetch(release, (bytes, total) -> {}))
            .getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> part + " is not in " + message);
    }
    assertFalse(message.contains("\n"), message);
  }
}
