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
    try (ParityModel model = model(DataType.FLOAT32)) {
      golden.counts().ifPresent(counts -> compareCounts(counts, model));
      for (GoldenRun run : golden.runs()) {
        if (!repeats(run, model, run.mode() == Mode.EVALUATION)) {
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
      try (ParityModel model = model(DataType.FLOAT64)) {
        undecided.forEach(run -> repeats(run, model, true));
      }
    }
  }

  /** Whether a run leaves nothing undecided. */
  private boolean repeats(GoldenRun run, ParityModel model, boolean decides) {
    model.fill(run.filling());
    return new Repetition(run, model, sections, decides).decided();
  }

  private ParityModel model(DataType type) {
    return ParityModel.of(golden.backbone(), golden.head(), device, type);
  }

  private void compareCounts(Golden.Counts counts, ParityModel model) {
    Comparison comparison = Comparison.deciding("parameters");
    comparison.count("all", count(model, "", true), counts.parameters());
    counts
        .parts()
        .forEach((part, count) -> comparison.count(part, count(model, part + ".", true), count));
    if (counts.statistics() >= 0) {
      comparison.count("running statistics", count(model, "", false), counts.statistics());
    }
    comparison.addTo(sections);
  }

  private static long count(ParityModel model, String prefix, boolean learned) {
    return model.state().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> learned || entry.getKey().matches(".*running_(mean|var)"))
        .map(Map.Entry::getValue)
        .filter(parameter -> parameter.requiresGradient() == learned)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }
}
