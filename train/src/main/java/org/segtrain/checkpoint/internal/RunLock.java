package org.segtrain.checkpoint.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The folder of a run while a training writes to it: a second training is refused, and told the
 * process of the first. The system frees the lock of a process that dies.
 */
public final class RunLock implements AutoCloseable {

  private static final String NAME = ".lock";
  private static final int DIGITS = 20;
  private static final Pattern NUMBER = Pattern.compile("\\d*\\s*");

  /** The byte that is locked, far behind the number: Windows lets nobody read what is locked. */
  private static final long LOCKED = 1 << 20;

  /** The folders of this process: opening and closing the file again would free its lock. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path dir;
  private Path held; // without links; null until it is taken
  private FileChannel channel; // likewise

  /** A lock of {@code dir}, not taken. */
  public RunLock(Path dir) {
    this.dir = dir;
  }

  /**
   * Takes the folder, which is made if it is not there; does nothing if it has it.
   *
   * @throws DataException if another training has it, or it cannot be written to
   */
  public void take() {
    if (channel != null) {
      return;
    }
    try {
      Path folder = Files.createDirectories(dir).toRealPath();
      if (!OWN.add(folder)) {
        throw taken(ProcessHandle.current().pid() + ", this one");
      }
      held = folder;
      refuseForeign();
      channel =
          FileChannel.open(
              file(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
    } catch (DataException e) {
      close();
      throw e;
    } catch (IOException e) {
      close();
      throw new DataException(
          "cannot write to %s: %s; choose another folder".formatted(dir, IoReason.of(e)), e);
    }
    if (!isTaken()) {
      DataException taken = taken(holder().isEmpty() ? "unknown" : holder());
      close();
      throw taken;
    }
    sign();
  }

  private Path file() {
    return dir.resolve(NAME);
  }

  /** A file of that name that no training wrote would be lost, and a link's target with it. */
  private void refuseForeign() throws IOException {
    Path file = file();
    boolean isThere = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (isThere && !(isOwnKind(file) && NUMBER.matcher(Files.readString(file)).matches())) {
      throw new DataException(
          "%s is there and is no lock of a training; move it away, or choose another folder"
              .formatted(file));
    }
  }

  private static boolean isOwnKind(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= DIGITS;
  }

  private DataException taken(String process) {
    return new DataException(
        "another training (process %s) writes to %s; wait for its end, or choose another folder"
            .formatted(process, dir));
  }

  /** Whether it is ours; a file system without locks lets everybody have it. */
  private boolean isTaken() {
    try {
      return channel.tryLock(LOCKED, 1, false) != null;
    } catch (OverlappingFileLockException e) {
      return false; // by another copy of this class
    } catch (IOException e) {
      return true;
    }
  }

  /** Leaves the number of this process for others to read. */
  private void sign() {
    byte[] number = (ProcessHandle.current().pid() + "\n").getBytes(US_ASCII);
    try {
      channel.truncate(0).write(ByteBuffer.wrap(number), 0);
    } catch (IOException e) {
      return; // a full disk: others hear of no number
    }
  }

  /** The number of the process that has it; empty if there is none. */
  private String holder() {
    ByteBuffer bytes = ByteBuffer.allocate(DIGITS);
    try {
      channel.read(bytes, 0);
    } catch (IOException e) {
      return "";
    }
    return US_ASCII.decode(bytes.flip()).toString().strip();
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      return; // the lock is gone with the process at the latest
    } finally {
      channel = null;
      if (held != null) {
        OWN.remove(held);
        held = null;
      }
    }
  }
}
