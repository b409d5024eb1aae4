package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Graph;
import org.segtrain.torchscript.Recordings;
import org.segtrain.torchscript.Report;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

final class ExportTest {

  private static final int CLASSES = 5;
  private static final int NARROW = 16; // times fewer channels than published
  private static final float DROPPED = 0.1f;
  private static final Samples IMAGES =
      Samples.ofImages(Backbone.SHORTEST_SIDE, 1, new Shape(-1, 3, -1, -1));

  /** Few pixels, for what need not hold above 128 of them on a side. */
  private static final Samples SMALL =
      Samples.ofShapes(
          images(1, 44, 101, 1, 115, 65, 1, 57, 110, 2, 110, 44, 1, 68, 122, 3, 91, 81),
          images(4, 36, 100, 5, 97, 33));

  private static List<Shape> images(int... sizes) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < sizes.length; i += 3) {
      shapes.add(new Shape(sizes[i], 3, sizes[i + 1], sizes[i + 2]));
    }
    return shapes;
  }

  /** Not even this was seen, but another processor may add in another order. */
  private static final double ROUNDING = 2e-6;

  @TempDir Path folder;
  private NDManager manager;
  private Path file;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager();
    file = folder.resolve("model.pt");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** A model whose head has few channels, since exports do not depend on their number. */
  private SegmentationModel model(String backbone, String head) {
    Backbone encoder = BackboneVariant.of(backbone).config().build(DROPPED);
    HeadVariant variant = HeadVariant.of(head);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(encoder)
            .setHead(variant)
            .setClasses(CLASSES)
            .optFeatures(variant.features(encoder.channels()) / NARROW)
            .optDropout(DROPPED)
            .build();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
    return model;
  }

  @ParameterizedTest
  @CsvSource({
    "pvt_tiny, fpn",
    "pvt_tiny, segformer",
    "pvt_tiny, upernet",
    "pvt_tiny, fcn",
    "pvt_tiny, segformer_768",
    "pvt_tiny, segformer_mmseg",
    "pvt_tiny, ocr_mmseg",
    "shunted_tiny, fpn",
    "shunted_tiny, segformer",
    "shunted_tiny, upernet",
    "mpvit_tiny, fpn",
    "mpvit_tiny, segformer",
    "mpvit_tiny, upernet",
    "hrvit_b1, fpn",
    "hrvit_b1, segformer",
    "hrvit_b1, upernet",
    "hrformer_tiny, fpn",
    "hrformer_tiny, segformer",
    "hrformer_tiny, upernet",
    "hrformer_tiny, ocr"
  })
  void anExportedModelGivesWhatTheBlocksGiveAtSizesNeverRecorded(String backbone, String head) {
    Report report = TorchScript.of(model(backbone, head), samples(backbone)).write(file);
    assertEquals(0, report.difference(), ROUNDING);
    assertEquals(1, report.equalClasses(), 1e-4);
  }

  /** Where blocks take a short cut: no padding at any stage, position embeddings as they are. */
  @ParameterizedTest
  @CsvSource({"pvt_tiny", "hrvit_b1", "hrformer_tiny"})
  void theFileIsRightWhereBlocksTakeShortCuts(String backbone) {
    SegmentationModel model = model(backbone, "segformer");
    TorchScript.of(model, IMAGES).write(file);
    PtSymbolBlock module = load();
    NDList image = new NDList(manager.randomNormal(new Shape(1, 3, 224, 224)));
    NDArray found = IValueUtils.forward(module, image, false).head();
    NDArray wanted = model.forward(new ParameterStore(manager, false), image, false).head();
    assertEquals(0, found.sub(wanted).abs().max().getFloat(), ROUNDING);
  }

  /** Windows want sizes of more and of less than one of them at each stage. */
  private static Samples samples(String backbone) {
    return backbone.startsWith("hr") ? IMAGES : SMALL;
  }

  private PtSymbolBlock load() {
    return JniUtils.loadModule(
        (ai.djl.pytorch.engine.PtNDManager) manager,
        file,
        false,
        new String[0],
        new String[0],
        false);
  }

  @ParameterizedTest
  @CsvSource({"pvt_tiny, fpn", "mpvit_tiny, segformer", "hrvit_b1, segformer"})
  void aFileInBfloat16ComputesAsMixedPrecisionDoes(String backbone, String head) {
    SegmentationModel model = model(backbone, head);
    long whole = TorchScript.of(model, samples(backbone)).write(file).bytes();
    Report report = TorchScript.of(model, samples(backbone)).inBfloat16().write(file);
    assertEquals(0, report.difference(), 0.02);
    assertTrue(report.bytes() < 0.6 * whole, report + " of " + whole);
  }

  @ParameterizedTest
  @CsvSource({"shunted_tiny, upernet", "hrformer_tiny, segformer"})
  void anOptimisedFileHasNoAuxiliaryHeadAndNoBatchNorm(String backbone, String head) {
    SegmentationModel model = model(backbone, head);
    Report report = TorchScript.of(model, samples(backbone)).optimized().write(file);
    assertEquals(0, report.difference(), 1e-4);
    Set<String> names =
        load().getParameters().keys().stream().collect(LinkedHashSet::new, Set::add, Set::addAll);
    assertTrue(names.stream().noneMatch(name -> name.contains("auxiliary")), names.toString());
    assertTrue(names.contains("decode_head.conv_seg.weight"), names.toString());
    assertTrue(
        names.stream().noneMatch(name -> name.matches("decode_head.*running_mean")),
        names.toString());
  }

  @Test
  void arraysOfSeveralNamesStayTied() {
    SegmentationModel model = model("mpvit_tiny", "segformer");
    Graph graph = Recordings.of(model, SMALL);
    assertEquals(StateDict.repeats(model), graph.repeats());
    assertFalse(graph.repeats().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"pvt_tiny, fpn", "mpvit_tiny, segformer", "hrformer_tiny, segformer"})
  @SuppressWarnings("try") // the switch is there to be closed
  void everyLearnedParameterHasAGradientThroughTheFile(String backbone, String head)
      throws Exception {
    SegmentationModel model = model(backbone, head);
    TorchScript.of(model, samples(backbone)).write(file);
    try (Model loaded = Model.newInstance("exported", "PyTorch");
        Autograd on = Autograd.on()) {
      loaded.load(file, null, Map.of("trainParam", "true"));
      Map<String, NDArray> found = new LinkedHashMap<>();
      for (var entry : loaded.getBlock().getParameters()) {
        found.put(entry.getKey(), entry.getValue().getArray());
      }
      NDList image = new NDList(manager.randomNormal(new Shape(2, 3, 64, 96)));
      PtSymbolBlock module = (PtSymbolBlock) loaded.getBlock();
      NDArray loss = IValueUtils.forward(module, image, true).head().square().mean();
      List<String> learned = learned(model);
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
