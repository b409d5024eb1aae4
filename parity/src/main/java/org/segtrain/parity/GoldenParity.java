package org.segtrain.parity;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.parity.GoldenRun.Mode;

/** Repeats every run of a {@link Golden} file. */
final class GoldenParity {

  private final Golden golden;
  private final Device device;
  private final List<ParityReport.Section> sections = new ArrayList<>();

  GoldenParity(Golden golden, Device device) {
    this.golden = golden;
    this.device = device;
  }

  ParityReport run() {
    List<GoldenRun> undecided = new ArrayList<>();
    try (Candidate candidate = candidate(DataType.FLOAT32)) {
      compareCounts(candidate);
      for (GoldenRun run : golden.runs()) {
        if (!repeats(run, candidate, run.mode() == Mode.EVALUATION)) {
          undecided.add(run);
        }
      }
    }
    decide(undecided);
    return new ParityReport(golden.name(), sections);
  }

  /** Repeats runs in float64. */
  private void decide(List<GoldenRun> undecided) {
    if (!undecided.isEmpty()) {
      try (Candidate candidate = candidate(DataType.FLOAT64)) {
        undecided.forEach(run -> repeats(run, candidate, true));
      }
    }
  }

  /** Whether a run leaves nothing undecided. */
  private boolean repeats(GoldenRun run, Candidate candidate, boolean decides) {
    candidate.fill(run.filling());
    return new Repetition(run, candidate, sections, decides).decided();
  }

  private Candidate candidate(DataType type) {
    return Candidate.of(golden.backbone(), golden.head(), device, type);
  }

  private void compareCounts(Candidate candidate) {
    Comparison comparison = Comparison.deciding("parameters");
    comparison.count("all", count(candidate, "", true), golden.parameters());
    golden
        .parts()
        .forEach(
            (part, count) -> comparison.count(part, count(candidate, part + ".", true), count));
    if (golden.statistics() >= 0) {
      comparison.count("running statistics", count(candidate, "", false), golden.statistics());
    }
    comparison.addTo(sections);
  }

  private static long count(Candidate candidate, String prefix, boolean learned) {
    return candidate.state().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> learned || entry.getKey().matches(".*running_(mean|var)"))
        .map(Map.Entry::getValue)
        .filter(parameter -> parameter.requiresGradient() == learned)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }
}
