package org.segtrain.checkpoint.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Takes the folder of a run that it is given, and waits to be killed. */
public final class LockHolder {

  private LockHolder() {}

  /** A process that has the folder. */
  public static Process start(Path dir) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertEquals("taken", said.readLine());
    return process;
  }

  /** Takes the folder, and reads until its standard input ends. */
  public static void main(String[] arguments) throws IOException {
    try (RunLock lock = new RunLock(Path.of(arguments[0]))) {
      lock.take();
      System.out.println("taken");
      System.in.read();
    }
  }
}
