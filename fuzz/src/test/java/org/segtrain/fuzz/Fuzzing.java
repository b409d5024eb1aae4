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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/**
 * Files that went bad, given to what reads them. Each must be read or refused in one sentence, in
 * two seconds of this thread's time, in the heap that there is, and nothing may be written.
 */
final class Fuzzing {

  private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(2);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Pattern SENTENCE = Pattern.compile("[^\n]{20,2000}");

  /** Words of Java and its libraries, which tell nobody what is wrong with a file. */
  private static final Pattern OF_LIBRARY =
      Pattern.compile(
          "\\b(?:java|javax|com|sun|ai)\\.[a-z]+\\.|[a-z](?:Exception|Error)\\b|Cannot [a-z]+ |Input length"
              + "|out of bounds|(?<![.\\w])(?:Double|Integer|Long|String|ArrayList)\\b|JSON (?:String|Array)");

  private final Target target;
  private final Path folder;
  private final Path file;
  private final Random random;
  private final List<byte[]> seeds;
  private final Set<Path> beside;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Map<String, Integer> sentences = new TreeMap<>();
  private byte[] bytes;
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
    this.seeds = target.seeds(folder);
    Files.deleteIfExists(file);
    this.beside = content();
    boolean read = false;
    for (byte[] whole : seeds) { // loads classes and the engine before time is taken
      Files.write(file, whole);
      bytes = whole;
      read |= tryToRead("a seed");
    }
    if (!read) {
      throw new AssertionError("no seed of %s is read: %s".formatted(target, sentences));
    }
  }

  /** Tries that many files and says what became of them. */
  String run(int files) throws IOException {
    List<Mutation> mutations = target.mutations();
    for (int i = 0; i < files; i++) {
      Mutation mutation = mutations.get(i % mutations.size());
      byte[] bad = seeds.get(random.nextInt(seeds.size()));
      for (int again = random.nextInt(3); again >= 0 && bad.length > 0; again--) {
        bad = mutation.of(bad, random);
      }
      check(mutation.name(), random.nextBoolean() ? target.mended(bad) : bad);
    }
    return "%s: %s; slowest %d ms"
        .formatted(target, outcomes, TimeUnit.NANOSECONDS.toMillis(slowest));
  }

  /** The sentences with which files were refused, without their numbers, and how often. */
  Map<String, Integer> sentences() {
    return sentences;
  }

  /**
   * Tries one file.
   *
   * @param what was done to it
   */
  void check(String what, byte[] bad) throws IOException {
    Files.deleteIfExists(file); // to shorten it would wait for the disk
    Files.write(file, bad);
    bytes = bad;
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
    boolean read = false;
    for (Target.Reader reader : target.readers()) {
      read |= tryToRead(what, reader);
    }
    refuseOthers();
    return read;
  }

  private boolean tryToRead(String what, Target.Reader reader) throws IOException {
    try {
      reader.read(file);
      return true;
    } catch (DataException e) {
      requireSentence(e);
      return false;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("%s gives %s; it is %s".formatted(what, e, kept()), e);
    }
  }

  private void requireSentence(DataException e) throws IOException {
    String own = e.getMessage().replace(file.toString(), "FILE").replace(folder.toString(), "DIR");
    boolean isFull =
        Stream.<Throwable>iterate(e, some -> some != null, Throwable::getCause)
            .anyMatch(some -> some instanceof OutOfMemoryError);
    if (isFull || !SENTENCE.matcher(own).matches() || OF_LIBRARY.matcher(own).find()) {
      throw new AssertionError("no sentence: %s; it is %s".formatted(e.getMessage(), kept()), e);
    }
    sentences.merge(own.replaceAll("\\d+|\"[^\"]*\"", "#"), 1, Integer::sum);
  }

  private void refuseOthers() throws IOException {
    List<Path> left = new ArrayList<>(content());
    left.removeAll(beside);
    left.remove(file);
    if (!left.isEmpty()) {
      throw new AssertionError("%s was written".formatted(left));
    }
  }

  private Set<Path> content() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.collect(Collectors.toSet());
    }
  }

  /** Keeps the file that was answered badly. */
  private Path kept() throws IOException {
    return Files.write(Files.createTempDirectory("fuzz").resolve(target.file()), bytes);
  }
}
