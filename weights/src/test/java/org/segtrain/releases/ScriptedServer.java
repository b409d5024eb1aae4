package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers on this machine's loopback with whatever bytes it is given, as no server should. */
final class ScriptedServer implements AutoCloseable {

  /** Writes the answer to a request. */
  interface Script {
    void answer(int request, String header, OutputStream out)
        throws IOException, InterruptedException;
  }

  /** The header of each request. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private final ServerSocket socket;
  private final Script script;

  ScriptedServer(Script script) {
    this.script = script;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "scripted server");
    thread.setDaemon(true);
    thread.start();
  }

  /** One that answers every request with that text, in Latin-1, and ends the connection. */
  static ScriptedServer always(String answer) {
    return new ScriptedServer((request, header, out) -> out.write(bytes(answer)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:%d/file.pth".formatted(socket.getLocalPort()));
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        String header = header(client.getInputStream());
        requests.add(header);
        script.answer(requests.size(), header, client.getOutputStream());
        client.shutdownOutput();
      } catch (IOException e) {
        // the client has enough, or the server is closed
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static String header(InputStream in) throws IOException {
    StringBuilder header = new StringBuilder();
    while (header.indexOf("\r\n\r\n") < 0) {
      int letter = in.read();
      if (letter < 0) {
        throw new IOException("the client has gone");
      }
      header.append((char) letter);
    }
    return header.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
