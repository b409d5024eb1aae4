package org.segtrain.releases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.errors.DataException;

/** Servers that lie, dawdle or never end: each is given up in a sentence, and soon. */
@Timeout(60)
class HostileServerTest {

  private static final Patience QUICK =
      new Patience(3, Duration.ofMillis(5), Duration.ofSeconds(20), 1000);
  private static final Patience IMPATIENT =
      new Patience(2, Duration.ofMillis(5), Duration.ofSeconds(1), 1000);
  private static final long MOST = 1_000_000;
  private static final String OK = "HTTP/1.1 200 OK\r\nETag: \"one\"\r\n";
  private static final String PART = "HTTP/1.1 206 Partial\r\nETag: \"one\"\r\n";

  @TempDir Path folder;

  private final List<String> said = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 5-9/99999999999999999999999",
        "bytes 5-99999999999999999999999/10",
        "bytes 99999999999999999999999-9/10",
        "bytes 0-9/10",
        "bytes -5-9/10",
        "bytes 5-9/*",
        "bytes",
        ""
      })
  void aPartThatIsNotWhatWasAskedForIsThrownAwayAndTheWholeIsTaken(String range)
      throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) -> {
              String rest = range.isEmpty() ? "" : "Content-Range: " + range + "\r\n";
              String answer =
                  switch (request) {
                    case 1 -> OK + "Content-Length: 10\r\n\r\n01234";
                    case 2 -> PART + rest + "Content-Length: 5\r\n\r\nabcde";
                    default -> OK + "Content-Length: 10\r\n\r\n0123456789";
                  };
              out.write(ScriptedServer.bytes(answer));
            })) {
      download(server, MOST, QUICK).run();
      assertEquals("0123456789", Files.readString(part().path()));
      assertTrue(server.requests.get(1).contains("Range: bytes=5-"), server.requests.get(1));
      assertFalse(server.requests.get(2).contains("Range:"), server.requests.get(2));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPartThatWasNotAskedForIsNeverAppended() throws IOException {
    Files.writeString(part().path(), "of something else");
    try (ScriptedServer server =
        ScriptedServer.always(
            PART + "Content-Range: bytes 0-4/5\r\nContent-Length: 5\r\n\r\nabcde")) {
      refused(server, MOST, QUICK, "asked for bytes from 0, the server gave a part");
      assertEquals(3, server.requests.size());
    }
    assertFalse(Files.exists(part().path()));
  }

  @Test
  void aPartThatIsLongerThanTheWholeIsThrownAway() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) ->
                out.write(
                    ScriptedServer.bytes(
                        header.contains("Range:")
                            ? PART
                                + "Content-Range: bytes 5-9/10\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "8\r\nabcdefgh\r\n0\r\n\r\n"
                            : OK + "Content-Length: 10\r\n\r\n01234")))) {
      refused(server, MOST, QUICK, "cannot be fetched");
      assertTrue(said.toString().contains("sends more than the 10 bytes it says"), said.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "99999999999999999999999, answer makes no sense",
    "-5, cannot be fetched",
    "12345678901234567, 'has 12345678901234567 bytes, more than the 1000000 that are expected'",
    "1000001, 'has 1000001 bytes, more than the 1000000 that are expected'"
  })
  void aLengthThatCannotBeIsRefused(String length, String why) throws IOException {
    try (ScriptedServer server =
        ScriptedServer.always(OK + "Content-Length: " + length + "\r\n\r\nabcde")) {
      refused(server, MOST, QUICK, why);
    }
  }

  @Test
  void aFileThatTheDiskHasNoRoomForIsRefusedBeforeItComes() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.always(OK + "Content-Length: 900000000000000000\r\n\r\nabcde")) {
      refused(server, Long.MAX_VALUE, QUICK, "needs 858306884765 MB more where", "make room");
      assertEquals(1, server.requests.size());
    }
  }

  @Test
  void aFileWithoutEndIsCutOff() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) -> {
              out.write(ScriptedServer.bytes(OK + "\r\n"));
              while (true) {
                out.write(new byte[1 << 16]);
              }
            })) {
      refused(server, MOST, QUICK, "where at most 1000000 are expected");
    }
    assertFalse(Files.exists(part().path()));
  }

  @Test
  void aServerThatDripsIsGivenUp() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) -> {
              out.write(ScriptedServer.bytes(OK + "Content-Length: 100000\r\n\r\n"));
              while (true) {
                out.write('a');
                Thread.sleep(20);
              }
            })) {
      refused(server, MOST, IMPATIENT, "bytes came in 1 s");
      assertEquals(2, server.requests.size());
    }
  }

  @Test
  void aServerThatGivesAByteForEachRequestIsGivenUp() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) ->
                out.write(
                    ScriptedServer.bytes(
                        request == 1
                            ? OK + "Content-Length: 99999\r\n\r\na"
                            : PART
                                + "Content-Range: bytes %d-99998/99999\r\n".formatted(request - 1)
                                + "Content-Length: %d\r\n\r\na".formatted(100000 - request))))) {
      refused(server, MOST, QUICK, "the same command goes on from them");
      assertEquals(3, server.requests.size());
    }
  }

  @Test
  void aServerThatGivesALittleForEachRequestIsNotAskedForEver() throws IOException {
    String little = "a".repeat(1000); // so that each try counts
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) ->
                out.write(
                    ScriptedServer.bytes(
                        request == 1
                            ? OK + "Content-Length: 900000\r\n\r\n" + little
                            : PART
                                + "Content-Range: bytes %d-899999/900000\r\n"
                                    .formatted(1000 * (request - 1))
                                + "Content-Length: %d\r\n\r\n".formatted(901000 - 1000 * request)
                                + little)))) {
      refused(server, MOST, QUICK, "100000 bytes are here");
      assertEquals(100, server.requests.size());
    }
  }

  @Test
  void aServerThatNeverAnswersIsSpokenOfAndGivenUp() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer((request, header, out) -> Thread.sleep(5_000))) {
      Patience once = new Patience(1, Duration.ZERO, Duration.ofSeconds(2), 1000);
      refused(server, MOST, once, "cannot be fetched");
    }
    assertTrue(
        said.contains("127.0.0.1 has sent nothing for 0 s; it is waited for up to 2 s"),
        said.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "/again, 'which segtrain does not follow: there are too many redirects'",
    "file:///etc/passwd, 'begins with http:, and that one with file:'",
  })
  void aRedirectWithoutEndOrOutOfTheWebIsNotFollowed(String place, String why) throws IOException {
    try (ScriptedServer server =
        ScriptedServer.always(
            "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n".formatted(place))) {
      refused(server, MOST, QUICK, "redirects to " + place, why);
      assertTrue(server.requests.size() < 20, server.requests.toString()); // five, some twice
    }
  }

  @Test
  void aRedirectFromHttpsToHttpIsNotFollowed() throws Exception {
    SSLContext former = SSLContext.getDefault();
    SSLContext.setDefault(ofThisMachine());
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(SSLContext.getDefault()));
    try (ScriptedServer plain = ScriptedServer.always(OK + "Content-Length: 1\r\n\r\na")) {
      https.createContext(
          "/",
          exchange -> {
            exchange.getResponseHeaders().add("Location", plain.uri().toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
          });
      https.start();
      URI uri = URI.create("https://127.0.0.1:%d/".formatted(https.getAddress().getPort()));
      refused(
          new Download(uri, part(), MOST, QUICK, said::add, (bytes, total) -> {}),
          "redirects to " + plain.uri(),
          "its own address begins with https:, and that one with http:");
      assertEquals(List.of(), plain.requests);
    } finally {
      https.stop(0);
      SSLContext.setDefault(former);
    }
  }

  /** A certificate of 127.0.0.1, which is trusted too. */
  private SSLContext ofThisMachine() throws Exception {
    Path store = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options =
        "-genkeypair -alias a -keyalg EC -dname CN=a -ext san=ip:127.0.0.1 -storetype PKCS12"
            + " -storepass secret -keystore "
            + store;
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(keytool), Arrays.stream(options.split(" "))).toList())
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
    return context(store);
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, "secret".toCharArray());
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  @Test
  void whatIsPackedIsNotTakenForTheFile() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.always(OK + "Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nabcdefg")) {
      refused(server, MOST, QUICK, "answers in the content encoding gzip, which was not asked for");
      assertTrue(server.requests.get(0).contains("Accept-Encoding: identity"));
    }
    assertFalse(Files.exists(part().path()));
  }

  @Test
  void anAnswerThatIsNoneIsRefused() throws IOException {
    try (ScriptedServer server = ScriptedServer.always("\u001b[31mfoo\r\n\r\n")) {
      refused(server, MOST, QUICK, "cannot be fetched: Invalid status line");
    }
    String headers = ("X: " + "a".repeat(1000) + "\r\n").repeat(1000);
    try (ScriptedServer server = ScriptedServer.always(OK + headers)) {
      refused(server, MOST, QUICK, "cannot be fetched");
    }
  }

  @Test
  void aDamagedNoteOfAnEarlierDownloadIsNotSent() throws Exception {
    for (String note : new String[] {"", "\"one\"\r\nEvil: 1", "\u001b"}) {
      Files.writeString(part().path(), "01234");
      Files.writeString(folder.resolve("file.pth.part.from"), note);
      try (ScriptedServer server =
          ScriptedServer.always(OK + "Content-Length: 10\r\n\r\n0123456789")) {
        download(server, MOST, QUICK).run();
        assertFalse(server.requests.get(0).contains("Range"), server.requests.get(0));
      }
      assertEquals("0123456789", Files.readString(part().path()));
    }
  }

  @Test
  void aCutFileOfUnknownLengthIsNotTakenForTheWhole() throws IOException {
    byte[] whole = FileServer.content(1);
    Path file = folder.resolve("some_imagenet.pth");
    try (ScriptedServer server =
        new ScriptedServer(
            (request, header, out) -> {
              out.write(ScriptedServer.bytes(OK + "\r\n"));
              out.write(whole, 0, request == 1 ? FileServer.HALF : whole.length);
            })) {
      ReleaseCache cache = new ReleaseCache(folder, false, said::add, QUICK);
      Release release = ReleaseCacheTest.release(server.uri(), true, "");
      String message =
          assertThrows(DataException.class, () -> cache.fetch(release, (bytes, total) -> {}))
              .getMessage();
      assertTrue(message.contains("is no whole file of weights; it was not kept"), message);
      assertFalse(Files.exists(file));
      assertFalse(Files.exists(folder.resolve("some_imagenet.pth.part")));
      assertArrayEquals(whole, Files.readAllBytes(cache.fetch(release, (bytes, total) -> {})));
    }
  }

  private PartFile part() {
    return new PartFile(folder.resolve("file.pth"));
  }

  private Download download(ScriptedServer server, long most, Patience patience) {
    return new Download(server.uri(), part(), most, patience, said::add, (bytes, total) -> {});
  }

  private void refused(ScriptedServer server, long most, Patience patience, String... parts) {
    refused(download(server, most, patience), parts);
  }

  private static void refused(Download download, String... parts) {
    String message = assertThrows(DataException.class, download::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> part + " is not in " + message);
    }
    assertFalse(message.contains("\n"), message);
  }
}
