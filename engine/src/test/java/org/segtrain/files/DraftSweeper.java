package org.segtrain.files;

import java.io.IOException;
import java.nio.file.Path;

/** Sweeps the drafts of the file that it is given, until it is killed. */
final class DraftSweeper {

  private DraftSweeper() {}

  /** Says when it has begun. */
  public static void main(String[] arguments) throws IOException {
    System.out.println("begun");
    while (true) {
      Draft.sweep(Path.of(arguments[0]));
    }
  }
}
