package org.segtrain.parity;

import ai.djl.Device;
import java.nio.file.Path;

/** Compares this build with files that the reference implementations wrote. */
public final class Parity {

  private Parity() {}

  /**
   * Runs what the file says and compares every number in it.
   *
   * @param file about a backbone, a backbone with a head, or a training run of one
   * @param device where to run it
   * @throws UnknownModelException if this build does not have the model
   * @throws org.segtrain.data.DataException if the file cannot be read or is not understood
   */
  public static ParityReport run(Path file, Device device) {
    Golden golden = Fields.read(file, Golden::of);
    try (Candidate candidate = Candidate.of(golden.backbone(), golden.head(), device)) {
      return new GoldenParity(golden, candidate).run();
    }
  }
}
