package org.segtrain.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * A file or folder that is being written beside its place. {@link #publish} forces it to the disk
 * and then moves it there. A process killed at any moment leaves the old one or the new one, whole.
 * A link stays; its target is replaced, in its own folder. A draft never replaces a file that
 * appeared after it was begun.
 *
 * <p>A process that is told to end removes its draft. A killed one leaves a hidden folder {@code
 * .NAME.ID.part}, which the next draft of that place removes. Where the system cannot exchange two
 * folders in one step, replacing a folder takes two moves. After a kill between them the old one is
 * in the hidden folder and comes back likewise.
 */
public final class Draft implements AutoCloseable {

  /** Writes the content of a file. */
  public interface Body {
    void write(FileChannel out) throws IOException;
  }

  private final Path place;
  private final Path target;
  private final DraftFolder folder;
  private final boolean replaces; // what is at its place
  private final Thread removal = new Thread(this::removeUnfinished, "removal of a draft");

  /**
   * Begins one.
   *
   * @param place as the user says it
   * @param target the same without links
   * @param removed whether it goes if the process is told to end, from its first moment on
   */
  private Draft(Path place, Path target, boolean removed) throws IOException {
    this.place = place;
    this.target = target;
    boolean begun = false;
    synchronized (this) { // the removal waits for the folder
      if (removed) {
        watch();
      }
      try {
        DraftFolder.sweep(target);
        replaces = Files.exists(target);
        folder = DraftFolder.beside(target, place);
        begun = true;
      } finally {
        if (!begun) {
          unwatch();
        }
      }
    }
  }

  /**
   * A draft of the file that is to be at {@code place}. There is nothing at its {@link #path} yet.
   *
   * @throws DataException if there can be no file
   */
  public static Draft ofFile(Path place) {
    try {
      return new Draft(place, Target.ofFile(place), true);
    } catch (IOException e) {
      throw failure(place, e);
    }
  }

  /**
   * An empty draft of the folder that is to be at {@code place}.
   *
   * @throws DataException if there can be no folder
   */
  public static Draft ofFolder(Path place) {
    try {
      Draft draft = new Draft(place, Target.ofFolder(place), true);
      Files.createDirectory(draft.path());
      return draft;
    } catch (IOException e) {
      throw failure(place, e);
    }
  }

  /**
   * Writes the file at {@code place}, or leaves what was there as it was. A process that is told to
   * end meanwhile does so afterwards.
   *
   * @throws DataException if there can be no file
   * @throws IOException if it cannot be written
   */
  public static void write(Path place, Body body) throws IOException {
    try (Draft draft = new Draft(place, Target.ofFile(place), false)) {
      draft.writeAndPublish(body);
    }
  }

  /**
   * Writes the file at {@code place} in UTF-8, or leaves what was there as it was. A file that has
   * this text already is not written.
   *
   * @throws DataException if there can be no file
   * @throws IOException if it cannot be written
   */
  public static void write(Path place, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!Disk.holds(place, bytes)) {
      write(place, out -> append(out, ByteBuffer.wrap(bytes)));
    }
  }

  /**
   * Adds {@code text} in UTF-8 to the end of a file, which is made if it is not there. If the disk
   * is full it adds nothing.
   *
   * @throws IOException if it cannot be written
   */
  public static void append(Path file, String text) throws IOException {
    append(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds {@code bytes} to the end of a file likewise.
   *
   * @throws IOException if it cannot be written
   */
  public static void append(Path file, byte[] bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long end = out.size();
      try {
        append(out.position(end), ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        takeBack(out, end, e);
        throw e;
      }
    }
  }

  /**
   * Puts a file into its place that was written beside it by other means, such as a resumable
   * download. Forces it to the disk, and then moves it.
   */
  public static void publish(Path whole, Path place) throws IOException {
    Disk.force(whole);
    Disk.move(whole, place);
    Disk.forceFolder(place.toAbsolutePath().getParent());
  }

  /** Writes all of {@code bytes} where {@code out} stands. */
  public static void append(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Removes the drafts of {@code place} whose writers are dead, and leaves those being written. */
  public static void sweep(Path place) throws IOException {
    DraftFolder.sweep(Target.of(place));
  }

  private static void takeBack(FileChannel out, long end, IOException wrong) {
    try {
      out.truncate(end);
    } catch (IOException again) {
      wrong.addSuppressed(again);
    }
  }

  /** Where it is now. */
  public Path path() {
    return folder.content();
  }

  private synchronized void writeAndPublish(Body body) throws IOException {
    watch(); // the removal waits for the end of this
    try (FileChannel out =
        FileChannel.open(path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      body.write(out);
    }
    publish();
  }

  /**
   * Puts it in its place. A process that is told to end meanwhile does so afterwards.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something came there since it was begun
   */
  public synchronized void publish() throws IOException {
    Disk.force(path());
    if (!replaces) {
      Disk.moveToFree(path(), target);
    } else if (Files.isDirectory(path()) && Files.isDirectory(target)) {
      replaceFolder();
    } else {
      Disk.copyRights(target, path());
      Disk.move(path(), target);
    }
    Disk.forceFolder(target.getParent());
  }

  private void replaceFolder() throws IOException {
    if (Exchange.of(path(), target)) {
      return; // the old one is in the draft now, and goes with it
    }
    Path former = folder.former();
    Files.move(target, former, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      folder.restore(target);
      throw e;
    }
  }

  /** The exception to throw if writing has failed. */
  public DataException failure(IOException e) {
    return failure(place, e);
  }

  private static DataException failure(Path place, IOException e) {
    Path said = DraftFolder.around(place).orElse(place);
    return new DataException("cannot write %s: %s".formatted(said, IoReason.of(e)), e);
  }

  private void watch() {
    try {
      Runtime.getRuntime().addShutdownHook(removal);
    } catch (IllegalStateException e) {
      return; // the process is ending already, and this is what it waits for
    }
  }

  private void unwatch() {
    try {
      Runtime.getRuntime().removeShutdownHook(removal);
    } catch (IllegalStateException e) {
      return; // the process is ending, and finds nothing to remove
    }
  }

  private synchronized void removeUnfinished() {
    if (folder != null) { // else it could not be begun
      folder.remove(target);
    }
  }

  /** Removes it, unless it is in its place. */
  @Override
  public void close() {
    folder.remove(target);
    unwatch();
  }
}
