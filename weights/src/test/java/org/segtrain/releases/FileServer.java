package org.segtrain.releases;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** One file on this machine's loopback, with the faults that servers have. */
final class FileServer implements AutoCloseable {

  static final int SIZE = 300_000;
  static final int HALF = SIZE / 2;
  private static final int HEADER = 80; // bytes

  /** The Range header of each request, "none" without. */
  final List<String> ranges = new CopyOnWriteArrayList<>();

  volatile byte[] content = content(1);
  volatile String etag = "\"one\"";
  volatile String type = "application/octet-stream";
  volatile boolean knowsRanges = true;
  volatile int status;

  /**
   * How many answers break off in the middle, once the client has written what came, and how long
   * they are silent before that.
   */
  volatile int broken;

  volatile long silence;

  /** Opens when the first answer falls silent. */
  final CountDownLatch silent = new CountDownLatch(1);

  private final LongSupplier written;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * A server.
   *
   * @param written how many bytes of the file the client has
   */
  FileServer(LongSupplier written) {
    this.written = written;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A file of weights, safetensors, that no other seed gives. */
  static byte[] content(long seed) {
    return content(seed, SIZE);
  }

  /** The same of that many bytes, more than a hundred. */
  static byte[] content(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    int numbers = size - Long.BYTES - HEADER;
    String header =
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(numbers, numbers);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(HEADER)
        .put((header + " ".repeat(HEADER - header.length())).getBytes(StandardCharsets.US_ASCII));
    return bytes;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:%d/file.pth".formatted(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(Objects.requireNonNullElse(range, "none"));
    if (status != 0) {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
      return;
    }
    boolean same = Objects.equals(exchange.getRequestHeaders().getFirst("If-Range"), etag);
    int from = range == null || !same || !knowsRanges ? 0 : first(range);
    exchange.getResponseHeaders().add("Content-Type", type);
    if (etag != null) {
      exchange.getResponseHeaders().add("ETag", etag);
    }
    if (from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
    } else if (from > 0) {
      String part = "bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
      exchange.getResponseHeaders().add("Content-Range", part);
      exchange.sendResponseHeaders(206, content.length - from);
    } else {
      exchange.sendResponseHeaders(200, content.length);
    }
    send(exchange, from);
    exchange.close();
  }

  private void send(HttpExchange exchange, int from) throws IOException {
    OutputStream out = exchange.getResponseBody();
    boolean breaks = broken > 0;
    broken = Math.max(0, broken - 1);
    int half = Math.min(content.length, Math.max(from, HALF));
    out.write(content, from, half - from);
    out.flush();
    long pause = silence;
    silent.countDown();
    sleep(pause);
    if (breaks) { // a client may lose what it has not read when the connection ends
      for (int i = 0; i < 4000 && written.getAsLong() < half; i++) {
        sleep(5);
      }
    } else {
      out.write(content, half, content.length - half);
    }
  }

  private static void sleep(long pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int first(String range) {
    return Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
