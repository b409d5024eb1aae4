package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.releases.ReleaseCache;
import org.segtrain.releases.Releases;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;

/** The commands that fetch, from a server on this machine. */
class FetchCommandTest {

  private static final String BASE = "segtrain.releases";
  private static final String NAME = "pvt_tiny_imagenet";

  @TempDir private Path dir;

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private byte[] content;
  private String coding = "identity";
  private Path fetched;

  @BeforeEach
  void starts() throws IOException {
    Path file = dir.resolve("a.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      SafeTensorsWriter.write(
          file, Map.of(), Map.of("w", manager.ones(new Shape(2))), ElementType.F32);
    }
    content = Files.readAllBytes(file);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    System.setProperty(BASE, address());
    fetched = ReleaseCache.ofUser(true, line -> {}).file(Releases.of(NAME));
    Files.deleteIfExists(fetched);
  }

  @AfterEach
  void stops() throws IOException {
    System.clearProperty(BASE);
    server.stop(0);
    Files.deleteIfExists(fetched);
  }

  private String address() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestURI().getPath());
    exchange.getResponseHeaders().add("Content-Encoding", coding);
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  @Test
  void aReleaseIsFetchedOnceAndThenThere() throws IOException {
    for (Object[] words :
        new Object[][] {{"weights", "fetch", NAME}, {"weights", "fetch", NAME, "--offline"}}) {
      Outcome outcome = Outcome.of(words);
      assertEquals(0, outcome.code(), outcome.err());
      assertEquals(fetched.toString(), outcome.out().strip());
    }
    assertArrayEquals(content, Files.readAllBytes(fetched));
    assertEquals(List.of("/" + NAME + ".pth"), requests);
  }

  @Test
  void whatIsNoFileOfWeightsIsNotKept() {
    content = new byte[] {'P', 'K', 3, 4, 5};
    Outcome outcome = Outcome.of("weights", "fetch", NAME);
    assertEquals(1, outcome.code());
    assertTrue(
        outcome.err().contains("is no whole file of weights; it was not kept"), outcome.err());
    assertFalse(Files.exists(fetched));
  }

  @Test
  void whatAServerSaysMovesNothingOnATerminal() {
    coding = "\u009b2Jgzip";
    Outcome weights = Outcome.of("weights", "fetch", NAME);
    Outcome data = Outcome.of("data", "fetch", "ade20k", "--out", dir, "--from", address());
    for (Outcome outcome : List.of(weights, data)) {
      assertEquals(1, outcome.code());
      assertTrue(
          outcome.err().contains("answers in the content encoding \\u009b2Jgzip"), outcome.err());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1/a",
        "ftp://127.0.0.1/a",
        "http://",
        "http:///a",
        "http://127.0.0.1:65536/a",
        "http://127.0.0.1:x/a",
        "http://%zz/a",
        "https://[::1/a",
      })
  void whatIsNoAddressOfAServerIsWrongUsage(String from) {
    Outcome outcome = Outcome.of("data", "fetch", "ade20k", "--out", dir, "--from", from);
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.sentence().contains("--from"), outcome.err());
    assertTrue(outcome.sentence().contains('"' + from + '"'), outcome.err());
    assertEquals(List.of(), requests);
  }

  @Test
  void aDataSetOfAnotherCheckSumIsNotKept() throws IOException {
    Path data = dir.resolve("data");
    Outcome outcome = Outcome.of("data", "fetch", "ade20k", "--out", data, "--from", address());
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("has SHA-1"), outcome.err());
    try (var left = Files.list(data)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
