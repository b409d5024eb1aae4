package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.torchscript.Report;
import org.segtrain.torchscript.TorchScript;

final class ExportTest {

  /** Not even this was seen, but another processor may add in another order. */
  private static final double ROUNDING = 2e-6;

  /** A model, the file it was written to, and how they compare. */
  private record Exported(SegmentationModel model, Path file, Report report) {}

  /** By backbone and head: each is recorded once, for all tests that look at it. */
  private static final Map<String, Exported> EXPORTED = new HashMap<>();

  @TempDir static Path folder;
  private static NDManager manager;

  @BeforeAll
  static void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager();
    manager.getEngine().setRandomSeed(1);
  }

  @AfterAll
  static void close() {
    EXPORTED.clear();
    manager.close();
  }

  private static Exported exported(String backbone, String head) {
    return EXPORTED.computeIfAbsent(
        backbone + "-" + head,
        name -> {
          SegmentationModel model = SmallModels.of(backbone, head, manager);
          Path file = folder.resolve(name + ".pt");
          TorchScript export = TorchScript.of(model, SmallModels.samples(backbone));
          return new Exported(model, file, export.write(file));
        });
  }

  @Test
  void theSimplestModelGivesWhatItsBlocksGiveAtSizesNeverRecorded() {
    anExportedModelGivesWhatTheBlocksGiveAtSizesNeverRecorded("pvt_tiny", "fpn");
  }

  /** Every head with one backbone, and every family with one head. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "pvt_tiny, segformer",
    "pvt_tiny, upernet",
    "pvt_tiny, fcn",
    "pvt_tiny, segformer_768",
    "pvt_tiny, segformer_mmseg",
    "pvt_tiny, ocr_mmseg",
    "shunted_tiny, fpn",
    "mpvit_tiny, segformer",
    "hrvit, segformer",
    "hrformer, segformer"
  })
  void anExportedModelGivesWhatTheBlocksGiveAtSizesNeverRecorded(String backbone, String head) {
    Report report = exported(backbone, head).report();
    assertEquals(0, report.difference(), ROUNDING);
    assertEquals(1, report.equalClasses(), 1e-4);
  }

  @Tag("slow")
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @ParameterizedTest
  @CsvSource({"shunted_tiny, upernet", "mpvit_tiny, fpn", "hrvit, upernet", "hrformer, ocr"})
  void everyFamilyIsExportedWithAnotherHead(String backbone, String head) {
    anExportedModelGivesWhatTheBlocksGiveAtSizesNeverRecorded(backbone, head);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"pvt_tiny, fpn", "pvt_tiny, ocr_mmseg"})
  void aModelOfOneLogitIsExportedToo(String backbone, String head) {
    SegmentationModel model = SmallModels.ofOneLogit(backbone, head, manager);
    Path file = folder.resolve("%s-%s-one.pt".formatted(backbone, head));
    Report report = TorchScript.of(model, SmallModels.samples(backbone)).write(file);
    assertEquals(0, report.difference(), ROUNDING);
    assertEquals(1, report.equalClasses(), 1e-4);
  }

  /** Where blocks take a short cut: no padding at any stage, position embeddings as they are. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"pvt_tiny", "hrvit", "hrformer"})
  void theFileIsRightWhereBlocksTakeShortCuts(String backbone) {
    Exported exported = exported(backbone, "segformer");
    try (NDManager scope = manager.newSubManager()) {
      NDList image = new NDList(scope.randomNormal(new Shape(1, 3, 224, 224)));
      NDArray found = IValueUtils.forward(load(exported.file(), scope), image, false).head();
      ParameterStore store = new ParameterStore(scope, false);
      NDArray wanted = exported.model().forward(store, image, false).head();
      assertEquals(0, found.sub(wanted).abs().max().getFloat(), ROUNDING);
    }
  }

  private static PtSymbolBlock load(Path file, NDManager scope) {
    return JniUtils.loadModule(
        (PtNDManager) scope, file, false, new String[0], new String[0], false);
  }

  @Test
  void everyLearnedParameterOfTheSimplestModelHasAGradientThroughTheFile() throws Exception {
    everyLearnedParameterHasAGradientThroughTheFile("pvt_tiny", "fpn");
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"mpvit_tiny, segformer", "hrformer, segformer"})
  @SuppressWarnings("try") // the switch is there to be closed
  void everyLearnedParameterHasAGradientThroughTheFile(String backbone, String head)
      throws Exception {
    Exported exported = exported(backbone, head);
    try (Model loaded = Model.newInstance("exported", "PyTorch");
        NDManager scope = manager.newSubManager();
        Autograd on = Autograd.on()) {
      loaded.load(exported.file(), null, Map.of("trainParam", "true"));
      Map<String, NDArray> found = new LinkedHashMap<>();
      for (var entry : loaded.getBlock().getParameters()) {
        found.put(entry.getKey(), entry.getValue().getArray());
      }
      NDList image = new NDList(scope.randomNormal(new Shape(2, 3, 64, 96)));
      PtSymbolBlock module = (PtSymbolBlock) loaded.getBlock();
      NDArray loss = IValueUtils.forward(module, image, true).head().square().mean();
      List<String> learned = learned(exported.model());
      List<NDArray> weights = new ArrayList<>(learned.stream().map(found::get).toList());
      List<NDArray> gradients = Autograd.gradients(loss, weights);
      for (int i = 0; i < learned.size(); i++) {
        assertTrue(gradients.get(i).abs().max().getFloat() > 0, learned.get(i));
      }
    }
  }

  private static List<String> learned(SegmentationModel model) {
    List<String> names = new ArrayList<>();
    StateDict.of(model)
        .forEach(
            (name, parameter) -> {
              if (parameter.requiresGradient()
                  && parameter.getType() != Parameter.Type.RUNNING_VAR) {
                names.add(name);
              }
            });
    return names;
  }
}
