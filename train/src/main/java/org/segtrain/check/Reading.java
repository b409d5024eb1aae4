package org.segtrain.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.segtrain.check.Finding.Case;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;
import org.segtrain.errors.DataException;

/**
 * Reads the files of pairs on all cores, each once, but no file that is unchanged since the last
 * check. No more are open at a time than the Java heap holds.
 */
final class Reading {

  private static final int MEBIBYTE = 1 << 20;
  private static final double USED = 0.6; // share of the heap

  private final FileSet files;
  private final FactsCache cache;
  private final CheckProgress progress;
  private final Semaphore room;
  private final int most; // mebibytes
  private final AtomicInteger read = new AtomicInteger();
  private final Map<Path, PhotographFacts> photographs = new ConcurrentHashMap<>();
  private final Map<Path, MaskFacts> masks = new ConcurrentHashMap<>();
  private final Map<Path, Refused> refusals = new ConcurrentHashMap<>();
  private int done;

  /** A file that cannot be read, the kind of its finding, and the other file of its pair. */
  private record Refused(Kind kind, String sentence, String other) {}

  Reading(FileSet files, FactsCache cache, CheckProgress progress) {
    this.files = files;
    this.cache = cache;
    this.progress = progress;
    this.most = Math.max(1, (int) (USED * Runtime.getRuntime().maxMemory() / MEBIBYTE));
    this.room = new Semaphore(most, true);
  }

  /** Reads them all; a file that cannot be read becomes a finding. */
  void read(List<Listing.Pair> pairs) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            work -> {
              Thread thread = new Thread(work, "data-check");
              thread.setDaemon(true);
              return thread;
            });
    try {
      int all = 2 * pairs.size();
      List<Future<?>> coming = new ArrayList<>();
      for (Listing.Pair pair : pairs) {
        coming.add(pool.submit(() -> step(() -> photograph(pair.image()), all)));
        coming.add(pool.submit(() -> step(() -> mask(pair.mask()), all)));
      }
      for (Future<?> file : coming) {
        file.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while files were read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a file could not be read", e.getCause());
    } finally {
      pool.shutdownNow();
    }
    if (read.get() > 0) {
      cache.write();
    }
  }

  private void step(Runnable look, int all) {
    look.run();
    tell(all);
  }

  private synchronized void tell(int all) {
    done++;
    progress.at(done, all);
  }

  private void photograph(Path file) {
    cache
        .photograph(file)
        .ifPresentOrElse(
            facts -> photographs.put(file, facts),
            () ->
                look(
                    file,
                    Kind.UNREADABLE_IMAGE,
                    () -> {
                      photographs.put(file, files.photograph(file));
                      cache.put(file, photographs.get(file));
                    }));
  }

  private void mask(Path file) {
    cache
        .mask(file)
        .ifPresentOrElse(
            facts -> masks.put(file, facts),
            () ->
                look(
                    file,
                    Kind.UNREADABLE_MASK,
                    () -> {
                      masks.put(file, files.mask(file));
                      cache.put(file, masks.get(file));
                    }));
  }

  private void look(Path file, Kind kind, Runnable look) {
    read.incrementAndGet();
    long bytes = 0;
    try {
      bytes = files.bytesToRead(file);
    } catch (DataException unreadable) {
      refusals.put(file, new Refused(kind, unreadable.getMessage(), other(kind)));
      return;
    }
    int permits = (int) Math.min(most, bytes / MEBIBYTE + 1);
    room.acquireUninterruptibly(permits);
    try {
      look.run();
    } catch (DataException refused) {
      refusals.put(file, new Refused(kind(file, kind, bytes), refused.getMessage(), other(kind)));
    } finally {
      room.release(permits);
    }
  }

  private static String other(Kind kind) {
    return kind == Kind.UNREADABLE_MASK ? "image" : "mask";
  }

  private Kind kind(Path file, Kind kind, long bytes) {
    if (bytes > Runtime.getRuntime().maxMemory() / 5 * 4) {
      return Kind.TOO_LARGE;
    }
    return kind == Kind.UNREADABLE_MASK && files.isPhotograph(file) ? Kind.NOT_A_MASK : kind;
  }

  Map<Path, PhotographFacts> photographs() {
    return photographs;
  }

  Map<Path, MaskFacts> masks() {
    return masks;
  }

  /** Files that were read now, and not by an earlier check. */
  int count() {
    return read.get();
  }

  /** Those that cannot be read, in the order of their names. */
  List<Finding> findings() {
    Grouping grouping = new Grouping();
    refusals.keySet().stream()
        .sorted()
        .forEach(
            file -> {
              Refused refused = refusals.get(file);
              Case found = Case.of(refused.sentence(), file.toString());
              grouping.add(refused.kind(), found.joinedBy(" with its " + refused.other()));
            });
    return grouping.findings();
  }
}
