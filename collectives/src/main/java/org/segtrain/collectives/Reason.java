package org.segtrain.collectives;

import ai.djl.engine.EngineException;

/** What PyTorch says of an error, without the listing of its code. */
final class Reason {

  private Reason() {}

  /** The last line that names a cause, which c10d writes behind the call stack of TorchScript. */
  static String of(EngineException e) {
    return e.getMessage()
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("\\w*Error: .*"))
        .reduce((first, last) -> last)
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .orElseGet(() -> e.getMessage().strip().lines().findFirst().orElse(""));
  }
}
