package org.segtrain.tensors;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
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
 * Opens files that went bad and reads all that they claim to hold. Each must be read or refused in
 * one sentence, in time.
 */
final class FuzzTensorFiles {

  /** For one file, on a machine that does other things too. */
  private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(10);

  private static final List<Mutation> MUTATIONS = List.of(Mutation.values());
  private static final Pattern SENTENCE = Pattern.compile("[^\n]{20,600}");

  private final Path scratch;
  private final Random random;
  private final List<byte[]> seeds = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private long slowest;

  FuzzTensorFiles(Path scratch, long seed) throws IOException {
    this.scratch = scratch;
    this.random = new Random(seed);
    for (String name : Stream.concat(WeightFiles.read(), WeightFiles.refused()).toList()) {
      seeds.add(Files.readAllBytes(WeightFiles.path(name)));
    }
    NDManager.newBaseManager("PyTorch").close(); // loads the engine before time is taken
  }

  /** Takes the number of files and the seed. */
  public static void main(String[] arguments) throws IOException {
    Path scratch = Files.createTempFile("fuzz", ".bin");
    FuzzTensorFiles fuzz = new FuzzTensorFiles(scratch, Long.parseLong(arguments[1]));
    System.out.println(fuzz.run(Integer.parseInt(arguments[0])));
    Files.delete(scratch);
  }

  /** Tries that many files and says what became of them. */
  String run(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Mutation mutation = MUTATIONS.get(i % MUTATIONS.size());
      byte[] bytes = seeds.get(random.nextInt(seeds.size()));
      for (int again = random.nextInt(3); again >= 0 && bytes.length > 0; again--) {
        bytes = mutation.of(bytes, random);
      }
      check(mutation, bytes);
    }
    return "%s; slowest %d ms".formatted(outcomes, TimeUnit.NANOSECONDS.toMillis(slowest));
  }

  private void check(Mutation mutation, byte[] bytes) throws IOException {
    Files.write(scratch, bytes);
    long start = System.nanoTime();
    boolean read = tryToRead(mutation);
    long time = System.nanoTime() - start;
    slowest = Math.max(slowest, time);
    if (time > MOST_NANOSECONDS) {
      throw new AssertionError("%s took %d ns; it is %s".formatted(mutation, time, kept()));
    }
    outcomes.merge(mutation + (read ? " read" : " refused"), 1, Integer::sum);
  }

  private boolean tryToRead(Mutation mutation) throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        TensorFile file = TensorFile.open(scratch)) {
      for (String name : file.tensors().keySet()) {
        file.read(manager, name).close();
      }
      return true;
    } catch (DataException e) {
      if (!SENTENCE.matcher(e.getMessage()).matches()) {
        throw new AssertionError("no sentence: " + e.getMessage(), e);
      }
      return false;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("%s gives %s; it is %s".formatted(mutation, e, kept()), e);
    }
  }

  /** Keeps the file that was answered badly. */
  private Path kept() throws IOException {
    return Files.copy(scratch, Files.createTempDirectory("fuzz").resolve("bad.bin"));
  }
}
