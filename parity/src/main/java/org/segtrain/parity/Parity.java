package org.segtrain.parity;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.segtrain.cuda.CudaMath;
import org.segtrain.errors.DataException;

/** Compares this build with files that the reference implementations wrote. */
public final class Parity {

  private Parity() {}

  /** The comparison that a file asks for, read before anything runs. */
  static Function<Device, ParityReport> reader(Fields fields) {
    if (fields.hasAny(Trajectory.SECTIONS)) {
      Trajectory trajectory = Trajectory.of(fields);
      return device -> new TrajectoryParity(trajectory, device).run();
    } else if (fields.hasAny(FormulaCheck.SECTIONS)) {
      ParityReport report = FormulaCheck.of(fields);
      return device -> report;
    } else if (fields.hasAny(Golden.SECTIONS)) {
      Golden golden = Golden.of(fields);
      return device -> new GoldenParity(golden, device).run();
    }
    throw new DataException(
        "%s has no section to compare: it needs one of %s for a model, of %s for a training run, or of %s for the formulas"
            .formatted(
                fields.place(), Golden.SECTIONS, Trajectory.SECTIONS, FormulaCheck.SECTIONS));
  }

  private static Function<Device, ParityReport> completeReader(Fields fields) {
    Function<Device, ParityReport> found = reader(fields);
    List<String> missing = fields.missing();
    return device -> found.apply(device).lacking(missing);
  }

  /**
   * Runs what the file says and compares every number in it. Sections that it lacks are named in
   * the report.
   *
   * @param file about a backbone, a backbone with a head, or a training run of one
   * @param device where to run it
   * @throws UnknownModelException if this build does not have the model
   * @throws DataException if the file cannot be read, is not understood or has nothing to compare
   */
  public static ParityReport run(Path file, Device device) {
    CudaMath.forInference(device, false); // the numbers are of fp32
    ParityReport report = Fields.read(file, Parity::completeReader).apply(device);
    if (report.sections().isEmpty()) {
      throw new DataException(
          "%s has sections, but no number in them to compare; use an unchanged file"
              .formatted(file.getFileName()));
    }
    return report;
  }
}
