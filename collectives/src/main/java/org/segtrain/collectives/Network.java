package org.segtrain.collectives;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.segtrain.errors.DataException;

/** The network between the processes of a group. */
final class Network {

  private static final int CONNECT_MS = 1000;

  private Network() {}

  /** Whether something listens there. */
  static boolean isOpen(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it is an address of this machine. */
  static boolean isOwn(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  /**
   * The address of this machine that the others reach, as our library takes it: loopback if rank 0
   * is there, else the interface of {@code GLOO_SOCKET_IFNAME}, else that on the way to rank 0.
   */
  static String local(Rendezvous where) {
    String chosen = System.getenv("GLOO_SOCKET_IFNAME");
    try {
      InetAddress first = InetAddress.getByName(where.host());
      if (first.isLoopbackAddress()) {
        return first.getHostAddress();
      } else if (chosen != null && !chosen.isBlank()) {
        return "interface " + chosen.strip();
      }
      try (DatagramSocket way = new DatagramSocket()) {
        way.connect(new InetSocketAddress(first, where.port())); // sends nothing
        return way.getLocalAddress().getHostAddress();
      }
    } catch (UnknownHostException | SocketException e) {
      throw new DataException(
          "no network leads from here to %s: %s; set GLOO_SOCKET_IFNAME to the interface that does"
              .formatted(where.host(), e.getMessage()),
          e);
    }
  }
}
