package org.segtrain.releases;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A process of its own that fetches: the file's address and the folder are its arguments, and the
 * SHA-1 of a data set, if it is one.
 */
final class FetchingProcess {

  private FetchingProcess() {}

  static Process start(URI file, Path folder, String... sum) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    String main = FetchingProcess.class.getName();
    Stream<String> words =
        Stream.of(java, "-cp", classes, main, file.toString(), folder.toString());
    return new ProcessBuilder(Stream.concat(words, Arrays.stream(sum)).toList())
        .redirectErrorStream(true)
        .start();
  }

  /** The entry. */
  public static void main(String[] arguments) {
    URI place = URI.create(arguments[0]);
    Path folder = Path.of(arguments[1]);
    Release release = ReleaseCacheTest.release(place, true, "");
    Patience patience = new Patience(2, Duration.ofMillis(10), Duration.ofSeconds(20), 1000);
    if (arguments.length > 2) {
      DataArchive archive = new DataArchive("data", place, 10_000_000, arguments[2], "Data", "");
      System.out.println(archive.fetch(folder, patience, System.out::println, (b, t) -> {}));
      return;
    }
    ReleaseCache cache = new ReleaseCache(folder, false, System.out::println, patience);
    System.out.println(cache.fetch(release, (bytes, total) -> {}));
  }
}
