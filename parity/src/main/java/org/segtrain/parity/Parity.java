package org.segtrain.parity;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.function.Function;

/** Compares this build with files that the reference implementations wrote. */
public final class Parity {

  private Parity() {}

  /** What a file asks for, read before anything runs. */
  private static Function<Device, ParityReport> reader(Fields fields) {
    if (fields.has("log")) {
      Trajectory trajectory = Trajectory.of(fields);
      return device -> new TrajectoryParity(trajectory, device).run();
    } else if (fields.has("weights")) {
      ParityReport report = FormulaCheck.of(fields);
      return device -> report;
    }
    Golden golden = Golden.of(fields);
    return device -> new GoldenParity(golden, device).run();
  }

  /**
   * Runs what the file says and compares every number in it.
   *
   * @param file about a backbone, a backbone with a head, or a training run of one
   * @param device where to run it
   * @throws UnknownModelException if this build does not have the model
   * @throws org.segtrain.errors.DataException if the file cannot be read or is not understood
   */
  public static ParityReport run(Path file, Device device) {
    return Fields.read(file, Parity::reader).apply(device);
  }
}
