package org.segtrain.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.errors.DataException;
import org.segtrain.parity.ParityReport.Section;

class ParityTest {

  private static final Set<String> LONG =
      Set.of(
          "hrformer_small.json",
          "hrformer_small_ocr.json",
          "hrvit_b1_segformer_mmseg.json",
          "hrvit_b1_upernet.json",
          "mpvit_small_upernet.json",
          "pvt_small.json",
          "shunted_small.json",
          "trajectory_hrvit_b1_segformer.json",
          "trajectory_mpvit_tiny_upernet.json",
          "trajectory_shunted_tiny_semfpn.json");

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path SMALLEST = GOLDEN.resolve("pvt_tiny.json");

  @TempDir private Path folder;

  @Test
  void theSmallestModelAgreesWithTheReference() {
    assertAgreesWithTheReference(SMALLEST);
  }

  /**
   * Heads are those of {@link HeadParityTest} and {@link UperNetParityTest}, trajectories of {@link
   * TrajectoriesTest}.
   */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("goldenFiles")
  void agreesWithTheReference(Path file) {
    assertAgreesWithTheReference(file);
  }

  static List<Path> goldenFiles() throws IOException {
    return goldenFiles(
        file ->
            !file.equals(SMALLEST) && !HeadParityTest.isOne(file) && !TrajectoriesTest.isOne(file));
  }

  static List<Path> goldenFiles(Predicate<Path> wanted) throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files.filter(wanted).filter(ParityTest::isUsual).sorted().toList();
    }
  }

  /**
   * Whether a file is compared in each build: of those that take half of the time, the parts are in
   * others too. {@code -Dtests.all=true} compares them.
   */
  private static boolean isUsual(Path file) {
    return Boolean.getBoolean("tests.all") || !LONG.contains(file.getFileName().toString());
  }

  static void assertAgreesWithTheReference(Path file) {
    ParityReport report = Parity.run(file, Device.cpu());
    assertEquals(List.of(), report.sections().stream().filter(one -> !one.passed()).toList());
    assertTrue(report.compared() > 100, () -> "compared only " + report.compared());
  }

  @Tag("slow")
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
    try (ParityModel model =
        ParityModel.of(golden.backbone(), null, Device.cpu(), DataType.FLOAT32)) {
      model.fill(run.filling());
      model.state().get(name).getArray().get(new NDIndex("0")).addi(change);
      new Repetition(run, model, sections, true).decided();
    }
    assertFalse(sections.stream().allMatch(Section::passed));
  }

  @Tag("slow")
  @Test
  void oneChangedNumberOfTheFileFails() throws IOException {
    Path changed = changed("pvt_tiny.json", "\"std\":1.19078959", "\"std\":1.1909");
    ParityReport report = Parity.run(changed, Device.cpu());
    assertFalse(report.passed());
    Section wrong = report.sections().stream().filter(one -> !one.passed()).findFirst().get();
    assertEquals("map 0, standard deviation", wrong.entry());
  }

  @Test
  void aFolderIsNoFileOfTheReference() {
    for (Path path : List.of(folder, folder.getRoot())) {
      var thrown = assertThrows(DataException.class, () -> Parity.run(path, Device.cpu()));
      assertTrue(thrown.getMessage().contains("cannot read " + path), thrown.getMessage());
    }
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "pvt_tiny|-|params,float_buffers|parameters",
        "pvt_tiny|-|eval|eval",
        "pvt_tiny|-|train|train",
        "pvt_tiny|-|train_bn_eval|train_bn_eval",
        "pvt_tiny|-|hash|hash",
        "pvt_tiny|hash|eval|hash.eval",
        "pvt_tiny|hash|train|hash.train",
        "pvt_tiny|train|outputs|train outputs",
        "pvt_tiny|train|loss,loss_f64|train loss",
        "pvt_tiny|train|grads,input_grad,params_without_grad|train gradients",
        "pvt_tiny|train|bn_after|train statistics",
        "pvt_small_semfpn|-|params,params_parts|parameters",
        "pvt_small_semfpn|train|logits|train outputs",
        "pvt_small_semfpn|train|loss|train loss",
        "trajectory_pvt_tiny_semfpn|-|log|losses, gradient norms",
        "trajectory_pvt_tiny_semfpn|-|final|parameters after the last step",
        "trajectory_pvt_tiny_semfpn|-|bn_after|statistics after the last step",
        "formula_check|-|weights|weights",
        "formula_check|-|image|images",
        "formula_check|-|labels|labels"
      })
  void aSectionThatIsMissingIsNamed(String file, String parent, String fields, String missing)
      throws IOException {
    ObjectNode root = json(file);
    ObjectNode from = parent == null ? root : (ObjectNode) root.get(parent);
    for (String field : fields.split(",", -1)) {
      assertNotNull(from.remove(field), field);
    }
    assertEquals(List.of(), missing(GOLDEN.resolve(file + ".json")));
    assertEquals(List.of(missing.split(", ", -1)), missing(written(root)));
  }

  private static List<String> missing(Path file) {
    return Fields.read(
        file,
        fields -> {
          Parity.reader(fields);
          return fields.missing();
        });
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pvt_tiny|eval,train,train_bn_eval,hash|parameters",
        "pvt_tiny|params,float_buffers,eval,train,train_bn_eval,hash.train|hash.eval 2x3x64x64 outputs",
        "pvt_tiny|params,float_buffers,eval,train_bn_eval,hash,train.outputs|train loss, train gradients",
        "pvt_tiny|params,float_buffers,eval,train_bn_eval,hash,train.loss,train.loss_f64|train outputs, train gradients",
        "pvt_tiny|params,float_buffers,eval,train_bn_eval,hash,train.grads,train.input_grad,train.params_without_grad|train outputs, train loss",
        "trajectory_pvt_tiny_semfpn|log|parameters after the last step, statistics after the last step",
        "trajectory_pvt_tiny_semfpn|final,bn_after|losses, gradient norms",
        "formula_check|image,labels|weights",
        "formula_check|weights,labels|images",
        "formula_check|weights,image|labels"
      })
  void theSectionsThatAreThereAreCompared(String file, String missing, String compared)
      throws IOException {
    ObjectNode root = json(file);
    for (String path : missing.split(",", -1)) {
      String[] names = path.split("\\.", -1);
      ObjectNode parent = names.length == 1 ? root : (ObjectNode) root.get(names[0]);
      assertNotNull(parent.remove(names[names.length - 1]), path);
    }
    ParityReport report = Parity.run(written(root), Device.cpu());
    assertTrue(report.passed(), report::toString);
    assertFalse(report.missing().isEmpty());
    assertEquals(List.of(compared.split(", ", -1)), names(report));
  }

  /** Of the sections, but for those that float64 decides, and of evaluations the smallest. */
  private static List<String> names(ParityReport report) {
    return report.sections().stream()
        .map(Section::name)
        .filter(name -> !name.contains("float64"))
        .filter(name -> !name.contains("eval ") || name.contains("64x64 outputs"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|has no section to compare: it needs one of [params, eval,",
        "{\"name\": \"pvt_tiny\", \"amp\": 1}|has no section to compare",
        "{\"name\": \"pvt_tiny\", \"amp\": 1, \"eval\": {}}|section \"eval\" of the file has nothing",
        "{\"name\": \"pvt_tiny\", \"amp\": 1, \"train\": {\"input\": [1, 3, 32, 32]}}|no number in them"
      })
  void aFileWithNothingToCompareIsRefused(String json, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("empty.json"), json);
    var thrown = assertThrows(DataException.class, () -> Parity.run(file, Device.cpu()));
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    assertFalse(thrown.getMessage().contains("\n"), thrown.getMessage());
  }

  private static ObjectNode json(String file) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(GOLDEN.resolve(file + ".json").toFile());
  }

  private Path written(ObjectNode root) throws IOException {
    return Files.writeString(folder.resolve("changed.json"), root.toString());
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
