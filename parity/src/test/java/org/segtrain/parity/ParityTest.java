package org.segtrain.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.errors.DataException;
import org.segtrain.parity.ParityReport.Section;

class ParityTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void agreesWithTheReference(Path file) {
    ParityReport report = Parity.run(file, Device.cpu());
    assertEquals(List.of(), report.sections().stream().filter(one -> !one.passed()).toList());
    assertTrue(report.compared() > 100, () -> "compared only " + report.compared());
  }

  static List<Path> goldenFiles() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "patch_embed1.norm.bias, 0.001",
    "block2.0.attn.kv.weight, 0.01",
    "block4.1.mlp.fc2.weight, 0.01"
  })
  void oneWrongWeightFails(String name, float change) {
    Golden golden = Fields.read(GOLDEN.resolve("pvt_tiny.json"), Golden::of);
    GoldenRun run =
        golden.runs().stream().filter(one -> one.name().equals("hash.train")).findFirst().get();
    List<Section> sections = new ArrayList<>();
    try (Candidate candidate =
        Candidate.of(golden.backbone(), null, Device.cpu(), DataType.FLOAT32)) {
      candidate.fill(run.filling());
      candidate.state().get(name).getArray().get(new NDIndex("0")).addi(change);
      new Repetition(run, candidate, sections, true).decided();
    }
    assertFalse(sections.stream().allMatch(Section::passed));
  }

  @Test
  void oneChangedNumberOfTheFileFails() throws IOException {
    Path changed = changed("pvt_tiny.json", "\"std\":1.19078959", "\"std\":1.1909");
    ParityReport report = Parity.run(changed, Device.cpu());
    assertFalse(report.passed());
    Section wrong = report.sections().stream().filter(one -> !one.passed()).findFirst().get();
    assertEquals("map 0, standard deviation", wrong.entry());
  }

  @ParameterizedTest
  @CsvSource({
    "pvt_tiny, pvt_huge, pvt_tiny.json",
    "semfpn, deeplab, pvt_small_semfpn.json",
  })
  void aModelThisBuildLacksIsNamed(String old, String unknown, String file) throws IOException {
    Path changed = changed(file, '"' + old + '"', '"' + unknown + '"');
    var thrown = assertThrows(UnknownModelException.class, () -> Parity.run(changed, Device.cpu()));
    assertTrue(thrown.getMessage().contains(unknown), thrown.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"params\":|\"parameters\":|pvt_tiny.json lacks the field params",
        "\"amp\":|\"new\":1,\"amp\":|has fields that this build does not understand: new",
        "\"loss\":|\"loss\":true,\"cost\":|train, loss is not a number",
        "\"family\":|\"family\"|is not JSON",
        "\"1x3x224x224\":|\"big\":|evaluation \"big\" of the file is not named by the shape"
      })
  void aFileThatIsNotUnderstoodIsRefused(String old, String replacement, String message)
      throws IOException {
    Path changed = changed("pvt_tiny.json", old, replacement);
    var thrown = assertThrows(DataException.class, () -> Parity.run(changed, Device.cpu()));
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.json");
    var thrown = assertThrows(DataException.class, () -> Parity.run(missing, Device.cpu()));
    assertTrue(thrown.getMessage().contains("missing.json"), thrown.getMessage());
  }

  @Test
  void aSectionThatComparesNothingIsRefused() {
    Comparison comparison = Comparison.deciding("empty");
    assertThrows(DataException.class, () -> comparison.addTo(new ArrayList<>()));
  }

  private Path changed(String file, String old, String replacement) throws IOException {
    String text = Files.readString(GOLDEN.resolve(file));
    assertTrue(text.contains(old), () -> file + " has no " + old);
    return Files.writeString(folder.resolve(file), text.replace(old, replacement));
  }
}
