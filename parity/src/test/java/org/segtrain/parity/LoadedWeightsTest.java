package org.segtrain.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.parity.GoldenRun.Mode;
import org.segtrain.parity.ParityReport.Section;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.TorchWriter;
import org.segtrain.weights.Weights;

/** The reference's weights, through a file, give the reference's outputs. */
@Tag("slow")
final class LoadedWeightsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pvt_tiny", "mpvit_tiny", "pvt_small_semfpn"})
  void givesTheOutputsOfTheReference(String name) {
    Golden golden = Fields.read(GOLDEN.resolve(name + ".json"), Golden::of);
    List<GoldenRun> runs =
        golden.runs().stream()
            .filter(run -> run.mode() == Mode.EVALUATION && run.filling() == Filling.HASH)
            .toList();
    Path file = folder.resolve("weights.pth");
    try (ParityModel filled = model(golden)) {
      filled.fill(Filling.HASH);
      TorchWriter.write(file, filled.arrays(), ElementType.F32);
    }
    try (ParityModel model = model(golden)) {
      model.fill(Filling.SIN);
      assertFalse(repeated(runs, model).stream().allMatch(Section::passed));
      Weights.load(model.block(), file);
      List<Section> sections = repeated(runs, model);
      assertEquals(List.of(), sections.stream().filter(one -> !one.passed()).toList());
      assertFalse(sections.isEmpty());
    }
  }

  private static List<Section> repeated(List<GoldenRun> runs, ParityModel model) {
    List<Section> sections = new ArrayList<>();
    runs.forEach(run -> new Repetition(run, model, sections, true).decided());
    return sections;
  }

  private static ParityModel model(Golden golden) {
    return ParityModel.of(golden.backbone(), golden.head(), Device.cpu(), DataType.FLOAT32);
  }
}
