package org.segtrain.releases;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process of its own that fetches: the file's address and the cache folder are its arguments. */
final class FetchingProcess {

  private FetchingProcess() {}

  static Process start(URI file, Path folder) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    String main = FetchingProcess.class.getName();
    return new ProcessBuilder(
            List.of(java, "-cp", classes, main, file.toString(), folder.toString()))
        .redirectErrorStream(true)
        .start();
  }

  /** The entry. */
  public static void main(String[] arguments) {
    Release release = ReleaseCacheTest.release(URI.create(arguments[0]), true, "");
    Patience patience = new Patience(2, Duration.ofMillis(10), Duration.ofSeconds(20), 1000);
    ReleaseCache cache =
        new ReleaseCache(Path.of(arguments[1]), false, System.out::println, patience);
    System.out.println(cache.fetch(release, (bytes, total) -> {}));
  }
}
