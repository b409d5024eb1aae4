package org.segtrain.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Begins a draft of the file that it is given, and neither publishes nor closes it. */
final class DraftHolder {

  private DraftHolder() {}

  /** Says when it has begun, and waits to be killed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Draft draft = Draft.ofFile(Path.of(arguments[0]));
    Files.writeString(draft.path(), "half");
    System.out.println("begun");
    Thread.sleep(60_000);
  }
}
