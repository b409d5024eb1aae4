package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;

/** What comes of files that fit, fit in part, or do not. */
final class WeightsTest {

  private static final Shape IMAGE = new Shape(1, 3, 32, 32);
  private static final int CLASSES = 5;

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Tag("slow")
  @Test
  void aWholeModelIsLoaded() {
    Block given = model(BackboneVariant.MPVIT_TINY, HeadVariant.UPERNET, CLASSES);
    Block block = model(BackboneVariant.MPVIT_TINY, HeadVariant.UPERNET, CLASSES);
    LoadReport report = Weights.load(block, file(arrays(given)));
    assertEquals(arrays(given), arrays(block));
    assertEquals(StateDict.of(block).size(), report.loaded().size());
    assertEquals(1, report.lines().size(), report.toString());
  }

  @Test
  void aBackboneTrainedToClassifyStartsAModel() {
    Map<String, NDArray> given = arrays(backbone(BackboneVariant.PVT_TINY));
    Map<String, NDArray> file = new LinkedHashMap<>(given);
    file.put("cls_token", manager.ones(new Shape(1, 1, 512)));
    file.put("norm.weight", manager.ones(new Shape(512)));
    file.put("head.weight", manager.ones(new Shape(1000, 512)));
    file.put("ratio", manager.ones(new Shape(1)));
    Block block = model(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES);
    NDArray classifier = arrays(block).get("decode_head.conv_seg.weight").duplicate();
    LoadReport report = Weights.load(block, file(file));
    given.forEach((name, array) -> assertEquals(array, arrays(block).get("backbone." + name)));
    assertEquals(classifier, arrays(block).get("decode_head.conv_seg.weight"));
    assertEquals(given.size(), report.loaded().size());
    assertEquals(List.of("cls_token", "norm.weight", "head.weight"), report.dropped());
    assertEquals(List.of("ratio"), report.leftOver());
    assertTrue(report.missing().contains("neck.lateral_convs.0.conv.bias"));
    assertTrue(report.lines().contains("left over in the file: ratio"));
  }

  @Test
  void aModelIsBuiltAndBegunInOneStatement() {
    Map<String, NDArray> given = arrays(backbone(BackboneVariant.PVT_TINY));
    SegmentationModel model =
        Weights.start(
            SegmentationModel.builder()
                .setBackbone("pvt_tiny")
                .setHead("fpn")
                .setClasses(11)
                .build(),
            file(given),
            manager);
    given.forEach((name, array) -> assertEquals(array, arrays(model).get("backbone." + name)));
    assertEquals(11, arrays(model).get("decode_head.conv_seg.bias").size());
  }

  @Test
  void aClassifierBesideABackboneIsNoHead() {
    Map<String, NDArray> file = new LinkedHashMap<>();
    arrays(backbone(BackboneVariant.HRFORMER_TINY))
        .forEach((name, array) -> file.put("backbone." + name, array));
    file.put("head.fc.weight", manager.ones(new Shape(1000, 144)));
    Block block = model(BackboneVariant.HRFORMER_TINY, HeadVariant.FPN, CLASSES);
    LoadReport report = Weights.load(block, file(file));
    assertEquals(List.of("head.fc.weight"), report.dropped());
    assertEquals(60, report.missing().size());
    assertEquals(List.of(), report.leftOver());
  }

  @Test
  void theLastLayerOfOcrIsLeftOverBesideABareBackbone() {
    Map<String, Shape> file = Keys.model("hrformer_small", "ocr");
    Inventory model = Inventory.of(BackboneVariant.HRFORMER_SMALL);
    Container container = new Container("", file, Set.of());
    Plan plan = Plan.of(file, model);
    LoadReport report =
        new Judgement(Path.of("f"), container, model, plan, LoadOptions.STANDARD).report();
    assertEquals(List.of(), report.dropped());
    assertTrue(report.leftOver().contains("cls_head.weight"));
  }

  @Tag("slow")
  @Test
  void theBackboneOfAModelIsLoadedAlone() {
    Block given = model(BackboneVariant.SHUNTED_TINY, HeadVariant.FPN, CLASSES);
    Block block = backbone(BackboneVariant.SHUNTED_TINY);
    LoadReport report = Weights.load(block, file(arrays(given)));
    arrays(block)
        .forEach((name, array) -> assertEquals(arrays(given).get("backbone." + name), array));
    assertTrue(report.leftOver().contains("decode_head.conv_seg.weight"));
    assertEquals(List.of(), report.dropped());
  }

  @Tag("slow")
  @Test
  void whatExportLeavesOutStaysNew() {
    Block given = model(BackboneVariant.MPVIT_TINY, HeadVariant.UPERNET, CLASSES);
    Map<String, NDArray> file = arrays(given);
    file.keySet().removeIf(name -> name.startsWith("auxiliary_head."));
    Block block = model(BackboneVariant.MPVIT_TINY, HeadVariant.UPERNET, CLASSES);
    LoadReport report = Weights.load(block, file(file), LoadOptions.toPredict(null));
    assertTrue(report.missing().stream().allMatch(name -> name.startsWith("auxiliary_head.")));
    assertEquals(StateDict.of(block).size(), report.loaded().size() + report.missing().size());
  }

  @Test
  void aClassifierOfOtherClassesStaysNewWhereThatIsAskedFor() {
    Map<String, NDArray> file = arrays(model(BackboneVariant.PVT_TINY, HeadVariant.FPN, 7));
    Block block = model(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES);
    NDArray classifier = arrays(block).get("decode_head.conv_seg.weight").duplicate();
    Path path = file(file);
    refused(block, path, LoadOptions.STANDARD, "tells 7 classes apart, but 5 are asked for");
    LoadReport report = Weights.load(block, path, LoadOptions.toTrain(null));
    assertEquals(
        List.of("decode_head.conv_seg.weight", "decode_head.conv_seg.bias"),
        report.reinitialised());
    assertEquals(classifier, arrays(block).get("decode_head.conv_seg.weight"));
    String name = "neck.lateral_convs.0.conv.weight";
    assertEquals(file.get(name), arrays(block).get(name));
  }

  @Test
  void oneLogitAndTwoAreOtherNumbersOfClasses() {
    Block one = oneLogit();
    Block two = model(BackboneVariant.PVT_TINY, HeadVariant.FPN, 2);
    Path path = file(arrays(one));
    String sentence =
        "%s, but the model has %s; give data or a list of 2 classes with optOneLogit(%s), or train";
    refused(
        two, path, LoadOptions.STANDARD, sentence.formatted("has one logit", "2 logits", "true"));
    NDArray classifier = arrays(two).get("decode_head.conv_seg.weight").duplicate();
    LoadReport report = Weights.load(two, path, LoadOptions.toTrain(null));
    assertEquals(
        List.of("decode_head.conv_seg.weight", "decode_head.conv_seg.bias"),
        report.reinitialised());
    assertEquals(classifier, arrays(two).get("decode_head.conv_seg.weight"));
    file(arrays(two));
    refused(
        one, path, LoadOptions.STANDARD, sentence.formatted("has 2 logits", "one logit", "false"));
    Block again = oneLogit();
    Weights.load(again, file(arrays(one)), LoadOptions.toPredict(null));
    assertEquals(arrays(one), arrays(again));
  }

  private Block oneLogit() {
    return initialized(
        SegmentationModel.builder()
            .setBackbone(BackboneVariant.PVT_TINY)
            .setHead(HeadVariant.FPN)
            .setClasses(2)
            .optOneLogit(true)
            .build());
  }

  @Tag("slow")
  @Test
  void aLargerVariantIsNamedThoughAllArraysAreThere() {
    Path path = file(arrays(backbone(BackboneVariant.PVT_SMALL)));
    refused(
        backbone(BackboneVariant.PVT_TINY),
        path,
        LoadOptions.STANDARD,
        "looks like pvt_small, but the model is pvt_tiny: the model has no place for its",
        "or backbone pvt_small");
  }

  @Tag("slow")
  @Test
  void aSmallerVariantIsNamedWithWhatItLacks() {
    Path path = file(arrays(backbone(BackboneVariant.PVT_TINY)));
    refused(
        model(BackboneVariant.PVT_SMALL, HeadVariant.FPN, CLASSES),
        path,
        LoadOptions.toTrain(null),
        "looks like pvt_tiny, but the model is pvt_small: it lacks 140 arrays of backbone.block1");
  }

  @Test
  void anArrayOfAnotherShapeIsNamedWithBothShapes() {
    Map<String, NDArray> file = arrays(backbone(BackboneVariant.PVT_TINY));
    file.put("block2.0.norm1.weight", manager.ones(new Shape(127)));
    refused(
        backbone(BackboneVariant.PVT_TINY),
        file(file),
        LoadOptions.STANDARD,
        "block2.0.norm1.weight is (127), but that of the model is (128)");
  }

  @Tag("slow")
  @Test
  void oneMissingArrayIsTooMuch() {
    Map<String, NDArray> file = arrays(backbone(BackboneVariant.PVT_TINY));
    file.remove("block2.0.norm1.weight");
    refused(
        backbone(BackboneVariant.PVT_TINY),
        file(file),
        LoadOptions.STANDARD,
        "looks like pvt_tiny, but is not it: it lacks block2.0.norm1.weight");
  }

  @Tag("slow")
  @Test
  void anotherHeadIsNamed() {
    Path path = file(arrays(model(BackboneVariant.PVT_TINY, HeadVariant.UPERNET, CLASSES)));
    refused(
        model(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES),
        path,
        LoadOptions.toTrain(null),
        "looks like pvt_tiny with upernet, but the model is pvt_tiny with fpn",
        "by the prefix backbone.");
  }

  @Test
  void aStrangersFileIsRefused() {
    Path path = file(Map.of("fc.weight", manager.ones(new Shape(2, 2))));
    refused(
        backbone(BackboneVariant.PVT_TINY),
        path,
        LoadOptions.STANDARD,
        "does not fit the model pvt_tiny: it has fc.weight, the model needs 156 arrays");
  }

  @Test
  void aBackboneCannotPredict() {
    Path path = file(arrays(backbone(BackboneVariant.PVT_TINY)));
    refused(
        model(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES),
        path,
        LoadOptions.toPredict(null),
        "has a backbone but no head");
  }

  @Test
  void twoNamesOfAnArrayMayNotContradictEachOther() {
    Block given = backbone(BackboneVariant.MPVIT_TINY);
    Map<String, NDArray> file = arrays(given);
    String name = "mhca_stages.0.mhca_blks.0.cpe.proj.weight";
    String again = "mhca_stages.0.mhca_blks.0.MHCA_layers.0.cpe.proj.weight";
    file.put(again, file.get(name).duplicate());
    Block block = backbone(BackboneVariant.MPVIT_TINY);
    Weights.load(block, file(file));
    assertEquals(arrays(given), arrays(block));
    file.put(again, file.get(name).add(1));
    refused(block, file(file), LoadOptions.STANDARD, again + " differ");
  }

  @Test
  void aTableOfAnotherWindowIsResizedAndSaid() {
    BackboneVariant variant = BackboneVariant.HRFORMER_TINY;
    Map<String, NDArray> file = arrays(backbone(variant));
    String attention = "stage4.0.branches.3.1.attn.attn.relative_position_";
    file.put(attention + "bias_table", manager.ones(new Shape(25 * 25, 8)));
    file.put(attention + "index", manager.zeros(new Shape(169, 169), DataType.INT64));
    Block block = backbone(variant);
    LoadReport report = Weights.load(block, file(file));
    assertEquals(
        List.of(attention + "bias_table resized from (625, 8) to (169, 8)"), report.converted());
    assertEquals(List.of(attention + "index"), report.kept());
    NDArray table = arrays(block).get(attention + "bias_table");
    assertTrue(table.allClose(manager.ones(new Shape(169, 8))));
  }

  @Test
  void anotherOrderOfRelativePositionsIsRefused() {
    BackboneVariant variant = BackboneVariant.HRFORMER_TINY;
    Map<String, NDArray> file = arrays(backbone(variant));
    String index = "stage4.0.branches.3.1.attn.attn.relative_position_index";
    file.put(index, file.get(index).flip(0));
    refused(backbone(variant), file(file), LoadOptions.STANDARD, index + " differs");
  }

  @Tag("slow")
  @Test
  void halvesAreLoadedExactly() {
    Block given = backbone(BackboneVariant.HRFORMER_TINY);
    Path path = folder.resolve("half.safetensors");
    for (ElementType type : List.of(ElementType.F16, ElementType.BF16)) {
      SafeTensorsWriter.write(path, Map.of(), arrays(given), type);
      Block once = backbone(BackboneVariant.HRFORMER_TINY);
      Weights.load(once, path);
      assertNotEquals(arrays(given), arrays(once));
      SafeTensorsWriter.write(path, Map.of(), arrays(once), ElementType.F32);
      Block twice = backbone(BackboneVariant.HRFORMER_TINY);
      Weights.load(twice, path);
      assertEquals(arrays(once), arrays(twice));
      assertClose(arrays(given), arrays(twice), type == ElementType.F16 ? 1e-3 : 1e-2);
    }
  }

  private static void assertClose(
      Map<String, NDArray> expected, Map<String, NDArray> actual, double relative) {
    expected.forEach(
        (name, array) -> assertTrue(array.allClose(actual.get(name), relative, 1e-6, false), name));
  }

  /** The load is refused with a sentence that has these parts, and nothing is changed by it. */
  private void refused(Block block, Path path, LoadOptions options, String... parts) {
    Map<String, NDArray> before = new LinkedHashMap<>();
    arrays(block).forEach((name, array) -> before.put(name, array.duplicate()));
    var refused = assertThrows(DataException.class, () -> Weights.load(block, path, options));
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
    assertTrue(refused.getMessage().startsWith(path.toString()), refused.getMessage());
    assertEquals(before, arrays(block));
  }

  private Path file(Map<String, NDArray> arrays) {
    Path path = folder.resolve("weights.safetensors");
    SafeTensorsWriter.write(path, Map.of(), arrays, ElementType.F32);
    return path;
  }

  private Block backbone(BackboneVariant variant) {
    return initialized(variant.config().build(0));
  }

  private Block model(BackboneVariant backbone, HeadVariant head, int classes) {
    return initialized(
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head)
            .setClasses(classes)
            .build());
  }

  private Block initialized(Block block) {
    block.initialize(manager, DataType.FLOAT32, IMAGE);
    return block;
  }

  private static Map<String, NDArray> arrays(Block block) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    StateDict.of(block).forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
    return arrays;
  }
}
