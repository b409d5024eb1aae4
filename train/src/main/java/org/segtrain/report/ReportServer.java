package org.segtrain.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.page.internal.Markup;
import org.segtrain.page.internal.Page;

/**
 * Shows the reports of the runs in a folder to browsers of this machine, and nothing else: on the
 * loopback address, read-only. A path is looked up among the runs that are there, so none leads out
 * of the folder. A request for another host is refused, so no page of the network reads them
 * through a browser.
 */
public final class ReportServer implements AutoCloseable {

  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " frame-ancestors 'none'";
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final String AGAIN = "30"; // seconds until the list is loaded again

  private static final int WORKERS = 16; // answers at a time

  static {
    String property = "sun.net.httpserver.maxReqTime"; // of the JDK's server, read once
    if (System.getProperty(property) == null) {
      System.setProperty(property, "10"); // seconds until an unfinished request is cut off
    }
  }

  private final Path dir;
  private final HttpServer server;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          WORKERS,
          work -> {
            Thread thread = new Thread(work, "report");
            thread.setDaemon(true);
            return thread;
          });

  private ReportServer(Path dir, HttpServer server) {
    this.dir = dir;
    this.server = server;
  }

  /** An answer: a page of HTML. */
  private record Answer(int status, String page) {
    static Answer of(int status, String title, String body) {
      return new Answer(status, Page.of(RunPage.PAGE, title, body));
    }
  }

  /**
   * Serves until it is closed.
   *
   * @param dir whose folders are runs
   * @param port of the loopback address; 0 for any that is free
   * @throws DataException if there is no such folder, or the port is taken
   */
  public static ReportServer start(Path dir, int port) {
    if (!Files.isDirectory(dir)) {
      throw new DataException("%s is not a folder; give the one that holds runs".formatted(dir));
    }
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      ReportServer reports = new ReportServer(dir, server);
      server.setExecutor(reports.workers);
      server.createContext("/", reports::handle);
      server.start();
      return reports;
    } catch (IOException e) {
      throw new DataException(
          "cannot serve on port %d: %s; give another --port".formatted(port, IoReason.of(e)), e);
    }
  }

  /** Where a browser finds it. */
  public String address() {
    return "http://localhost:%d/".formatted(server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
    try {
      workers.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean reads = Set.of("GET", "HEAD").contains(exchange.getRequestMethod());
      Answer answer;
      if (!reads) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer = Answer.of(405, "Only to be read", "");
      } else if (!isForThisHost(exchange)) {
        answer = Answer.of(403, "Only for this machine", "");
      } else {
        answer = answer(exchange);
      }
      exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
      byte[] page = answer.page().getBytes(StandardCharsets.UTF_8);
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), isHead ? -1 : page.length);
      if (!isHead) {
        exchange.getResponseBody().write(page);
      }
    }
  }

  private boolean isForThisHost(HttpExchange exchange) {
    int port = server.getAddress().getPort();
    String host = exchange.getRequestHeaders().getFirst("Host");
    return host != null
        && Stream.of("localhost", "127.0.0.1", "[::1]")
            .anyMatch(name -> host.equalsIgnoreCase(name + ":" + port));
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/")) {
      exchange.getResponseHeaders().set("Refresh", AGAIN);
      return Answer.of(200, "Runs in " + dir.toAbsolutePath().normalize(), list());
    }
    RunFolder run = runs().get(path);
    return run == null
        ? Answer.of(404, "No such run", "<p><a href=\"/\">All runs</a></p>")
        : new Answer(200, Files.readString(run.report()));
  }

  /** The runs that have a report, by their paths in addresses. */
  private SortedMap<String, RunFolder> runs() throws IOException {
    SortedMap<String, RunFolder> runs = new TreeMap<>();
    try (Stream<Path> folders = Files.list(dir)) {
      List<Path> found =
          folders.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)).toList();
      for (Path folder : found) {
        RunFolder run = new RunFolder(folder);
        if (Files.isRegularFile(run.report(), LinkOption.NOFOLLOW_LINKS)
            && Page.isOwn(run.report(), RunPage.PAGE)) {
          runs.put("/%s/report.html".formatted(folder.getFileName()), run);
        }
      }
    }
    return runs;
  }

  private String list() throws IOException {
    Markup body = new Markup();
    body.add("<div class=\"wide\"><table><thead><tr><th scope=\"col\">run</th>");
    body.add("<th scope=\"col\">state</th><th scope=\"col\">written</th></tr></thead><tbody>");
    SortedMap<String, RunFolder> runs = runs();
    for (RunFolder run : runs.values()) {
      String name = run.dir().getFileName().toString();
      body.line(
          "<tr><th scope=\"row\"><a href=\"/%s/report.html\">%s</a></th><td>%s</td><td>%s</td></tr>",
          URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"),
          Page.escaped(name),
          state(run),
          SECONDS.format(
              LocalDateTime.ofInstant(
                  Files.getLastModifiedTime(run.report()).toInstant(), ZoneId.systemDefault())));
    }
    body.add("</tbody></table></div>");
    return runs.isEmpty() ? "<p>No run here has a report yet.</p>" : body.toString();
  }

  private static String state(RunFolder run) {
    try {
      return Session.read(run.session()).map(known -> known.state().toString()).orElse("");
    } catch (DataException unreadable) {
      return "";
    }
  }
}
