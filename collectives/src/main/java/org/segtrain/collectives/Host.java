package org.segtrain.collectives;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine. */
public final class Host {

  private Host() {}

  /** Its name, as it calls itself; {@code localhost} if it has none. */
  public static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
