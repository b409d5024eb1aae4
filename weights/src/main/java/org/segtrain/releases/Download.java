package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Consumer;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * One file over HTTP. After a broken connection the next try asks for the rest, provided that the
 * server still has the same content (RFC 9110, sections 13.1.5 and 14).
 *
 * @param source where it is
 * @param part where it comes to
 * @param most bytes that it may have
 * @param patience how tries are repeated and when a server is given up
 * @param say gets the failures on the way
 * @param progress gets the number of bytes
 */
record Download(
    URI source,
    PartFile part,
    long most,
    Patience patience,
    Consumer<String> say,
    Progress progress) {

  private static final int BUFFER = 1 << 16;

  /** However much each of them brings. */
  private static final int MOST_TRIES = 100;

  /**
   * Fetches what is missing. If the server gives no length, only the content tells whether the file
   * is whole (RFC 9112, section 6.3).
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
    for (int tries = 1; ; tries++) {
      long before = part.size();
      try {
        fetch(client);
        return;
      } catch (LocalException e) {
        throw e.cause();
      } catch (IOException e) {
        boolean moved = part.size() - before >= patience.least();
        failures = moved ? 1 : failures + 1;
        pause = moved ? patience.pause() : pause;
        if (failures >= patience.tries() || tries == MOST_TRIES) {
          throw givenUp(e);
        }
        say.accept(
            "%s: %s; trying again in %d s"
                .formatted(source.getHost(), reason(e), pause.toSeconds()));
        Thread.sleep(pause.toMillis());
        pause = pause.multipliedBy(2);
      }
    }
  }

  private DataException givenUp(IOException e) throws IOException {
    return new DataException(
        "%s cannot be fetched: %s; %s"
            .formatted(
                source,
                reason(e),
                part.size() == 0
                    ? "look at the network, and give the same command again"
                    : "%s are here, and the same command goes on from them"
                        .formatted(Counted.of(part.size(), "byte"))),
        e);
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
    HttpRequest.Builder request =
        HttpRequest.newBuilder(source)
            .timeout(patience.silence())
            .header("Accept-Encoding", "identity"); // parts of what is packed fit nothing
    if (here > 0) {
      request.header("Range", "bytes=" + here + "-").header("If-Range", part.validator());
    }
    try (Watch watch = new Watch(patience, source.getHost(), say)) {
      HttpResponse<InputStream> response = sent(client, request.build());
      try (InputStream body = response.body()) {
        watch.answered(body);
        Answer answer = new Answer(source, response);
        long total = total(answer, here);
        local(() -> prepare(answer, total));
        receive(body, part.size(), total, watch);
      }
    }
  }

  /** Java's client throws other exceptions too where the numbers of an answer make no sense. */
  private static HttpResponse<InputStream> sent(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IllegalArgumentException e) {
      throw new BrokenDownload("the server's answer makes no sense: " + e.getMessage());
    }
  }

  /** The size of the whole file, negative if it is not known. */
  private long total(Answer answer, long here) throws IOException {
    answer.refuseUnlessFile();
    if (answer.isBehindTheEnd()) {
      local(part::delete);
      throw new BrokenDownload("the server has less than was here, so it begins anew");
    }
    try {
      long total = answer.total(here);
      refuseIfLarge("%s has %d bytes, more than the %d that are expected", total);
      return total;
    } catch (Answer.WrongPart e) {
      local(part::delete); // or the same would be asked for again
      throw e;
    }
  }

  private void prepare(Answer answer, long total) throws IOException {
    if (answer.isWhole()) {
      part.begin(answer.validator());
    }
    part.refuseUnlessRoom(total);
  }

  private void receive(InputStream body, long before, long total, Watch watch) throws IOException {
    long here = before;
    byte[] buffer = new byte[BUFFER];
    for (int count = read(body, buffer, watch); count >= 0; count = read(body, buffer, watch)) {
      int length = count;
      here += count;
      refuseIfLarge("%s sends %d bytes and more, where at most %d are expected", here);
      if (total >= 0 && here > total) {
        local(part::delete);
        throw new BrokenDownload(
            "the server sends more than the %s it says".formatted(Counted.of(total, "byte")));
      }
      local(() -> part.append(buffer, length));
      progress.at(here, total);
    }
    if (total >= 0 && here != total) {
      throw new BrokenDownload(
          "the connection ended at %d of %s".formatted(here, Counted.of(total, "byte")));
    }
  }

  private static int read(InputStream body, byte[] buffer, Watch watch) throws IOException {
    try {
      int count = body.read(buffer);
      if (count >= 0) {
        watch.moved(count);
        return count;
      }
    } catch (IOException e) {
      watch.refuseIfSlow();
      throw new BrokenDownload("the connection broke (%s)".formatted(reason(e)));
    }
    watch.refuseIfSlow();
    return -1;
  }

  private void refuseIfLarge(String sentence, long bytes) throws IOException {
    if (bytes > most) {
      local(part::delete);
      throw new DataException(sentence.formatted(source, bytes, most));
    }
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
