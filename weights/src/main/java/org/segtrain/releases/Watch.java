package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.segtrain.errors.Counted;

/**
 * Looks at a download every now and then. It closes a stream that gives too little for too long,
 * where Java's HTTP client would wait for ever, and says so before that.
 */
final class Watch implements AutoCloseable {

  private static final int LOOKS = 4; // while it is patient

  private final Patience patience;
  private final String host;
  private final Consumer<String> say;
  private final Thread watcher = new Thread(this::watch, "download-watcher");
  private final Deque<Long> former = new ArrayDeque<>(); // counts at the last looks
  private InputStream stream; // null before the server answers
  private long count;
  private boolean told;
  private boolean slow;

  /** Begins. */
  Watch(Patience patience, String host, Consumer<String> say) {
    this.patience = patience;
    this.host = host;
    this.say = say;
    former.add(0L);
    watcher.setDaemon(true);
    watcher.start();
  }

  /** The server has answered, and its bytes come from {@code body}. */
  synchronized void answered(InputStream body) {
    stream = body;
    former.clear();
    former.add(count);
  }

  /** So many bytes came. */
  synchronized void moved(int bytes) {
    count += bytes;
  }

  /**
   * Refuses to go on once it has closed the stream.
   *
   * @throws BrokenDownload if it has
   */
  synchronized void refuseIfSlow() throws IOException {
    if (slow) {
      long came = count - former.getFirst();
      throw new BrokenDownload(
          came == 0
              ? "nothing came for %d s".formatted(patience.silence().toSeconds())
              : "only %s came in %d s"
                  .formatted(Counted.of(came, "byte"), patience.silence().toSeconds()));
    }
  }

  private void watch() {
    try {
      do {
        Thread.sleep(patience.silence().dividedBy(LOOKS).toMillis());
      } while (look());
    } catch (InterruptedException | IOException e) {
      // the stream is no longer read, or closed already
    }
  }

  /** Whether to look again. */
  private synchronized boolean look() throws IOException {
    if (count == former.getLast() && !told) {
      told = true;
      say.accept(
          "%s has sent nothing for %d s; it is waited for up to %d s"
              .formatted(
                  host, patience.silence().toSeconds() / LOOKS, patience.silence().toSeconds()));
    }
    former.add(count);
    if (former.size() <= LOOKS) {
      return true;
    }
    if (stream != null && count - former.getFirst() < patience.least()) {
      slow = true;
      stream.close();
      return false;
    }
    former.removeFirst();
    return true;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
