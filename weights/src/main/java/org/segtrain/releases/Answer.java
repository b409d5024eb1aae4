package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segtrain.errors.DataException;

/**
 * The head of a server's answer, before the bytes. Its numbers may be anything: more than 18 digits
 * are none.
 *
 * @param source that was asked for
 * @param response whose body is not read yet
 */
record Answer(URI source, HttpResponse<InputStream> response) {

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int REDIRECT = 300;
  private static final int CLIENT_ERROR = 400;
  private static final int TIMEOUT = 408;
  private static final int UNSATISFIABLE = 416;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /** Whether the whole file follows, whatever was asked for. */
  boolean isWhole() {
    return response.statusCode() == OK;
  }

  /** Whether the server has no more than is here. */
  boolean isBehindTheEnd() {
    return response.statusCode() == UNSATISFIABLE;
  }

  /**
   * Refuses an answer that is no file.
   *
   * @throws DataException if another try would fail too
   * @throws BrokenDownload if another try might succeed
   */
  void refuseUnlessFile() throws IOException {
    int status = response.statusCode();
    if (status == TIMEOUT || status == TOO_MANY || status >= SERVER_ERROR) {
      throw new BrokenDownload("the server answers with status %d".formatted(status));
    }
    if (status >= REDIRECT && status < CLIENT_ERROR && header("Location").isPresent()) {
      throw redirected(header("Location").orElseThrow());
    }
    if (status == UNSATISFIABLE) {
      return;
    }
    if (status != OK && status != PARTIAL) {
      throw new DataException("%s answers with status %d".formatted(source, status));
    }
    if (header("Content-Type").orElse("").startsWith("text/html")) {
      throw new DataException("%s answers with a web page instead of a file".formatted(source));
    }
    String coding = header("Content-Encoding").orElse("identity");
    if (!coding.equalsIgnoreCase("identity")) {
      throw new DataException(
          "%s answers in the content encoding %s, which was not asked for"
              .formatted(source, coding));
    }
  }

  /**
   * The client follows five redirects in a row, and none from https to http or to another scheme.
   */
  private DataException redirected(String place) {
    URI from = response.uri();
    String scheme = place.matches("\\w+:.*") ? place.replaceFirst(":.*", "") : from.getScheme();
    String why =
        from.getScheme().equalsIgnoreCase(scheme)
            ? "there are too many redirects"
            : "its own address begins with %s:, and that one with %s:"
                .formatted(from.getScheme(), scheme);
    return new DataException(
        "%s redirects to %s, which segtrain does not follow: %s".formatted(source, place, why));
  }

  /**
   * The size of the whole file, negative if the server does not say.
   *
   * @param here how many bytes of it are here, from which on more was asked for
   * @throws BrokenDownload if it sends another part
   */
  long total(long here) throws IOException {
    if (isWhole()) {
      return header("Content-Length").map(Answer::length).orElse(-1L);
    }
    String range = header("Content-Range").orElse("");
    Matcher matcher = RANGE.matcher(range);
    if (here == 0 || !matcher.matches() || Long.parseLong(matcher.group(1)) != here) {
      throw new WrongPart(
          "asked for bytes from %d, the server gave a part, \"%s\"".formatted(here, range));
    }
    return Long.parseLong(matcher.group(3));
  }

  private static long length(String value) {
    return LENGTH.matcher(value).matches() ? Long.parseLong(value) : -1;
  }

  /** A strong ETag, else the date: weak ones do not say that bytes are the same. */
  Optional<String> validator() {
    return header("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> header("Last-Modified"))
        .filter(PartFile::isValidator);
  }

  private Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** The server sends another part than was asked for, so the bytes that are here are of no use. */
  static final class WrongPart extends BrokenDownload {
    private static final long serialVersionUID = 1;

    WrongPart(String message) {
      super(message);
    }
  }
}
