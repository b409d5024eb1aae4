package org.segtrain.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

/** Several runs: compared, as tables, and served. */
final class ComparisonTest {

  private static final TrainConfig CONFIG =
      TinyRuns.config("{\"iterations\": 2, \"accumulate\": 1, \"evalEvery\": 1}");

  @TempDir static Path folder;

  private static Path one;
  private static Path two;

  @BeforeAll
  static void train() {
    one = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, folder.resolve("one")).dir();
    TrainConfig other = CONFIG.with("run.seed", 8).with("optimizer.learningRate", 0.002);
    two = TinyRuns.run(other, TinyData.STANDARD, 1, folder.resolve("two & more")).dir();
  }

  @Test
  void curvesLieOverEachOtherAndDifferencesAreTold() throws IOException {
    Path page = folder.resolve("comparison.html");
    Comparison.write(List.of(one, two), page);
    String written = Files.readString(page);
    for (String part :
        List.of(
            "<title>one and two &amp; more</title>",
            "<span class=\"key c2\"></span>two &amp; more",
            "<h3>mIoU</h3>",
            "<h3>Loss</h3>",
            "<th scope=\"row\">run.seed</th>\n<td>7</td>\n<td>8</td>",
            "<th scope=\"row\">optimizer.learningRate</th>",
            "two &amp; more \u2212 one</th>",
            "<th scope=\"row\">all classes (mIoU)</th>",
            "<th scope=\"row\">sky</th>")) {
      assertTrue(written.contains(part), part);
    }
    assertFalse(written.contains("<th scope=\"row\">data.crop</th>"), "equal values");
    Comparison.write(List.of(one, two), page); // over its own
  }

  @Test
  void whatCannotBeComparedIsRefused(@TempDir Path other) throws IOException {
    Path page = other.resolve("page.html");
    assertThrows(UsageException.class, () -> Comparison.write(List.of(one), page));
    assertThrows(UsageException.class, () -> Comparison.write(Collections.nCopies(9, one), page));
    TinyData renamed = TinyData.STANDARD.withClasses("sky", "tree", "river");
    Path different = TinyRuns.run(CONFIG, renamed, 1, other.resolve("run")).dir();
    assertRefused(() -> Comparison.write(List.of(one, different), page), "have different classes");
    Path elsewhere = copy(two, other.resolve("elsewhere"));
    Path config = elsewhere.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"folder\"", "\"shapes\""));
    assertRefused(
        () -> Comparison.write(List.of(one, elsewhere), page), "on folder, but", "on shapes");
    Path counted = copy(two, other.resolve("counted"));
    Path found = counted.resolve("evaluation.json");
    String swapped =
        Files.readString(found)
            .replace("\"index\" : 0", "\"index\" : 9")
            .replace("\"index\" : 1", "\"index\" : 0")
            .replace("\"index\" : 9", "\"index\" : 1");
    Files.writeString(found, swapped);
    assertRefused(
        () -> Comparison.write(List.of(one, counted), page), "measured on other images or labels");
    assertFalse(Files.exists(page));
  }

  @Test
  void anOldRunWithoutCountsSaysHowToGetThem(@TempDir Path other) throws IOException {
    Path old = copy(two, other.resolve("old"));
    Files.delete(old.resolve("evaluation.json"));
    Path page = other.resolve("page.html");
    Comparison.write(List.of(one, old), page);
    assertTrue(
        Files.readString(page)
            .contains("segtrain eval %s --shard 1/1 --out %1$s/evaluation.json".formatted(old)));
  }

  private static Path copy(Path run, Path into) throws IOException {
    Files.createDirectory(into);
    for (String name : List.of("config.json", "log.jsonl", "evaluation.json", "session.json")) {
      Files.copy(run.resolve(name), into.resolve(name));
    }
    return into;
  }

  @Test
  void aLogIsATableWithARowForEachStep() throws IOException {
    List<List<?>> rows = new ArrayList<>();
    LogTable.read(one, rows::add);
    assertEquals(3, rows.size());
    List<?> head = rows.get(0);
    assertEquals(List.of("step", "loss", "lr"), head.subList(0, 3));
    assertEquals(
        List.of("iou/sky", "iou/tree", "iou/road"), head.subList(head.size() - 3, head.size()));
    RunHistory history = new RunHistory();
    history.read(new RunFolder(one).log());
    int figure = head.indexOf("mean_iou");
    for (int i = 1; i < rows.size(); i++) {
      assertEquals(head.size(), rows.get(i).size());
      assertEquals((long) i, rows.get(i).get(0));
      double logged = history.evaluations().get(i - 1).figures().get("mean_iou");
      assertEquals(String.valueOf(logged), rows.get(i).get(figure));
    }
  }

  @Test
  void runsAreServedToThisMachineAlone() throws Exception {
    Files.writeString(folder.resolve("secret.html"), "secret");
    Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(folder.resolve("foreign/report.html"), "secret");
    try (ReportServer server = ReportServer.start(folder, 0)) {
      HttpResponse<String> list = get(server, "");
      assertEquals(200, list.statusCode());
      assertTrue(
          list.body().contains("<a href=\"/two%20%26%20more/report.html\">two &amp; more</a>"));
      assertFalse(list.body().contains("foreign"));
      HttpResponse<String> report = get(server, "two%20%26%20more/report.html");
      assertEquals(Files.readString(two.resolve("report.html")), report.body());
      assertTrue(
          report.headers().firstValue("Content-Security-Policy").orElseThrow().contains("'none'"));
      for (String path :
          List.of(
              "secret.html",
              "one/config.json",
              "one/",
              "foreign/report.html",
              "one/../secret.html",
              "one/%2e%2e/secret.html",
              "%2e%2e/%2e%2e/etc/passwd")) {
        HttpResponse<String> refused = get(server, path);
        assertEquals(404, refused.statusCode(), path);
        assertFalse(refused.body().contains("secret"), path);
      }
    }
  }

  @Test
  void nothingIsTakenFromBrowsersAndNoOtherHostIsServed() throws Exception {
    try (ReportServer server = ReportServer.start(folder, 0)) {
      HttpRequest post =
          HttpRequest.newBuilder(URI.create(server.address()))
              .POST(HttpRequest.BodyPublishers.ofString("a"))
              .build();
      assertEquals(
          405, HttpClient.newHttpClient().send(post, BodyHandlers.ofString()).statusCode());
      String answer =
          raw(server, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
      assertFalse(answer.contains("two"), answer);
      assertRefused(
          () -> ReportServer.start(folder, URI.create(server.address()).getPort()), "cannot serve");
    }
    assertRefused(() -> ReportServer.start(folder.resolve("none"), 0), "is not a folder");
  }

  private static HttpResponse<String> get(ReportServer server, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.address() + path)).build(),
            BodyHandlers.ofString());
  }

  private static String raw(ReportServer server, String request) throws IOException {
    int port = URI.create(server.address()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void requestsThatDoNotEndLeaveTheServerFree() throws Exception {
    List<Socket> open = new ArrayList<>();
    try (ReportServer server = ReportServer.start(folder, 0)) {
      URI address = URI.create(server.address());
      for (int i = 0; i < 12; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        open.add(socket);
        socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
      }
      HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
