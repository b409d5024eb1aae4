package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.DataException;

/**
 * One file over HTTP. What has come stays when the connection breaks, and the next try asks for the
 * rest, provided that the server still has the same content (RFC 9110, sections 13.1.5 and 14).
 *
 * @param source where it is
 * @param part where it comes to
 * @param patience how tries are repeated and when a server is given up
 * @param progress is told how far it is
 */
record Download(URI source, PartFile part, Patience patience, Progress progress) {

  private static final int BUFFER = 1 << 16;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int TIMEOUT = 408;
  private static final int UNSATISFIABLE = 416;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  /** An error that another try may not have. */
  private static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  /**
   * Fetches what is missing.
   *
   * @throws DataException if the server does not give the file
   * @throws IOException if the part cannot be written
   */
  void run() throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.silence())
            .build();
    int failures = 0;
    Duration pause = patience.pause();
    while (true) {
      long before = part.size();
      try {
        fetch(client);
        return;
      } catch (LocalException e) {
        throw e.cause();
      } catch (IOException e) {
        boolean moved = part.size() > before;
        failures = moved ? 1 : failures + 1;
        pause = moved ? patience.pause() : pause;
        if (failures >= patience.tries()) {
          throw new DataException(
              "%s cannot be fetched: %s; %s"
                  .formatted(
                      source,
                      reason(e),
                      part.size() == 0
                          ? "look at the network, and give the same command again"
                          : "%d bytes are here, and the same command goes on from them"
                              .formatted(part.size())),
              e);
        }
        Thread.sleep(pause.toMillis());
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static String reason(IOException e) {
    if (e instanceof ConnectException) {
      return "its server cannot be reached"; // Java says no more, often not even that
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** One try. */
  private void fetch(HttpClient client) throws IOException, InterruptedException {
    long here = part.size();
    HttpRequest.Builder request = HttpRequest.newBuilder(source).timeout(patience.silence());
    if (here > 0) {
      request.header("Range", "bytes=" + here + "-").header("If-Range", part.validator());
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      refuseUnlessFile(response);
      if (response.statusCode() == UNSATISFIABLE) {
        part.delete();
        throw new Broken("the server has less than was here, so it begins anew");
      }
      long total = total(response, here);
      if (response.statusCode() == OK) {
        here = 0;
        local(() -> part.begin(validator(response.headers())));
      }
      receive(body, here, total);
    }
  }

  /** The size of the whole file, negative if the server does not say. */
  private static long total(HttpResponse<InputStream> response, long here) throws IOException {
    if (response.statusCode() == OK) {
      return response.headers().firstValueAsLong("Content-Length").orElse(-1);
    }
    String range = response.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) != here) {
      throw new Broken("asked for bytes from %d, the server gave \"%s\"".formatted(here, range));
    }
    return matcher.group(2).equals("*") ? -1 : Long.parseLong(matcher.group(2));
  }

  private void receive(InputStream body, long before, long total) throws IOException {
    long here = before;
    byte[] buffer = new byte[BUFFER];
    try (Stall stall = new Stall(body, patience.silence())) {
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        stall.moved();
        int length = count;
        local(() -> part.append(buffer, length));
        here += count;
        progress.at(here, total);
      }
      if (stall.stalled()) {
        throw new Broken("nothing came for %d s".formatted(patience.silence().toSeconds()));
      }
    }
    if (total >= 0 && here != total) {
      throw new Broken("the connection ended at %d of %d bytes".formatted(here, total));
    }
  }

  private void refuseUnlessFile(HttpResponse<InputStream> response) throws IOException {
    int status = response.statusCode();
    if (status == TIMEOUT || status == TOO_MANY || status >= SERVER_ERROR) {
      throw new Broken("the server answers with status %d".formatted(status));
    }
    if (status != OK && status != PARTIAL && status != UNSATISFIABLE) {
      throw new DataException("%s answers with status %d".formatted(source, status));
    }
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (status != UNSATISFIABLE && type.startsWith("text/html")) {
      throw new DataException("%s answers with a web page where a file was".formatted(source));
    }
  }

  /** A strong ETag, else the date: weak ones do not say that bytes are the same. */
  private static Optional<String> validator(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> headers.firstValue("Last-Modified"));
  }

  private interface LocalAction {
    void run() throws IOException;
  }

  /** An error of this machine, which another try would have too. */
  private static final class LocalException extends IOException {
    private static final long serialVersionUID = 1;
    private final IOException cause;

    LocalException(IOException cause) {
      super(cause);
      this.cause = cause;
    }

    IOException cause() {
      return cause;
    }
  }

  private static void local(LocalAction action) throws LocalException {
    try {
      action.run();
    } catch (IOException e) {
      throw new LocalException(e);
    }
  }
}
