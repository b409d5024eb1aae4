package org.segtrain.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/**
 * Files that went bad, given to what reads them. Each must be read or refused in one sentence, in
 * two seconds of this thread's time, in the heap that there is, and nothing may be written.
 */
final class Fuzzing {

  private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(2);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<Mutation> MUTATIONS = List.of(Mutation.values());
  private static final Pattern SENTENCE = Pattern.compile("[^\n]{20,2000}");

  private final Target target;
  private final Path folder;
  private final Path file;
  private final Random random;
  private final List<byte[]> seeds;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private long slowest;

  /**
   * Begins.
   *
   * @param folder an empty one
   * @param seed of the mutations
   */
  Fuzzing(Target target, Path folder, long seed) throws IOException {
    this.target = target;
    this.folder = folder;
    this.file = folder.resolve(target.file());
    this.random = new Random(seed);
    this.seeds = target.seeds(file);
    for (byte[] whole : seeds) { // loads classes and the engine before time is taken
      Files.write(file, whole);
      tryToRead("a seed");
    }
  }

  /** Tries that many files and says what became of them. */
  String run(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Mutation mutation = MUTATIONS.get(i % MUTATIONS.size());
      byte[] bytes = seeds.get(random.nextInt(seeds.size()));
      for (int again = random.nextInt(3); again >= 0 && bytes.length > 0; again--) {
        bytes = mutation.of(bytes, random);
      }
      check(mutation.name(), target.mended(bytes));
    }
    return "%s: %s; slowest %d ms"
        .formatted(target, outcomes, TimeUnit.NANOSECONDS.toMillis(slowest));
  }

  /**
   * Tries one file.
   *
   * @param what was done to it
   */
  void check(String what, byte[] bytes) throws IOException {
    Files.delete(file); // to shorten it would wait for the disk
    Files.write(file, bytes);
    long start = THREADS.getCurrentThreadCpuTime();
    boolean read = tryToRead(what);
    long time = THREADS.getCurrentThreadCpuTime() - start;
    slowest = Math.max(slowest, time);
    if (time > MOST_NANOSECONDS) {
      throw new AssertionError("%s took %d ns; it is %s".formatted(what, time, kept()));
    }
    outcomes.merge(what + (read ? " read" : " refused"), 1, Integer::sum);
  }

  private boolean tryToRead(String what) throws IOException {
    try {
      target.read(file);
      return true;
    } catch (DataException e) {
      if (!SENTENCE.matcher(e.getMessage()).matches()) {
        throw new AssertionError("no sentence: %s; it is %s".formatted(e.getMessage(), kept()), e);
      }
      return false;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("%s gives %s; it is %s".formatted(what, e, kept()), e);
    } finally {
      refuseOthers();
    }
  }

  private void refuseOthers() throws IOException {
    List<Path> left;
    try (Stream<Path> files = Files.list(folder)) {
      left = new ArrayList<>(files.toList());
    }
    left.remove(file);
    if (!left.isEmpty()) {
      throw new AssertionError("%s was written".formatted(left));
    }
  }

  /** Keeps the file that was answered badly. */
  private Path kept() throws IOException {
    return Files.copy(file, Files.createTempDirectory("fuzz").resolve(target.file()));
  }
}
