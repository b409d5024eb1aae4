package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.tensors.CpuTime;

/** What goes where, on the names and shapes of the official checkpoints. */
final class PlanTest {

  private static final Inventory TINY = Inventory.of(BackboneVariant.PVT_TINY);

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void everyArrayOfAnOfficialBackboneHasItsPlace(BackboneVariant variant) {
    Map<String, Shape> file = Keys.backbone(variant.toString());
    Inventory model = Inventory.of(variant);
    assertEquals(file, model.everyName());
    assertTakesAll(Plan.of(file, model), file.keySet());
  }

  @ParameterizedTest
  @CsvSource({
    "pvt_small, semfpn, FPN",
    "shunted_small, upernet, UPERNET",
    "mpvit_small, upernet, UPERNET",
    "hrvit_b1, segformer, SEGFORMER",
    "hrvit_b1, segformer_mmseg, SEGFORMER_MMSEG",
    "hrformer_small, ocr, OCR",
    "hrformer_small, ocr_mmseg, OCR_MMSEG"
  })
  void everyArrayOfAnOfficialModelHasItsPlace(String backbone, String head, HeadVariant variant) {
    Map<String, Shape> file = Keys.model(backbone, head);
    Inventory model = Inventory.of(BackboneVariant.of(backbone), variant, 150);
    assertEquals(file, model.everyName());
    assertTakesAll(Plan.of(file, model), file.keySet());
  }

  private static void assertTakesAll(Plan plan, Set<String> names) {
    assertEquals(List.of(), plan.missing());
    assertEquals(List.of(), plan.unfit());
    assertEquals(List.of(), plan.kept());
    assertEquals(List.of(), plan.leftOver());
    assertEquals(
        names,
        plan.steps().stream().flatMap(s -> s.sources().stream()).collect(Collectors.toSet()));
    assertTrue(plan.steps().stream().allMatch(step -> step.conversion() == Conversion.NONE));
  }

  @Test
  void aBareBackboneGoesIntoTheBackboneOfAModel() {
    Inventory model = Inventory.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, 3);
    Map<String, Shape> file = Keys.backbone("pvt_tiny");
    Plan plan = Plan.of(file, model);
    assertEquals(file.size(), plan.steps().size());
    assertEquals("backbone.pos_embed1", plan.steps().get(0).name());
    assertTrue(plan.missing().contains("decode_head.conv_seg.weight"));
    assertTrue(plan.missing().stream().noneMatch(name -> name.startsWith("backbone.")));
  }

  @Test
  void theBackboneOfAModelGoesIntoABareBackbone() {
    Plan plan = Plan.of(Keys.prefixed("backbone.", TINY.shapes()), TINY);
    assertEquals(TINY.shapes().size(), plan.steps().size());
    assertEquals(List.of("backbone.pos_embed1"), plan.steps().get(0).sources());
  }

  @Test
  void eitherNameOfASharedArrayIsEnough() {
    Inventory model = Inventory.of(BackboneVariant.MPVIT_TINY);
    Map<String, Shape> file = Keys.backbone("mpvit_tiny");
    String again = "mhca_stages.0.mhca_blks.0.MHCA_layers.0.cpe.proj.weight";
    String name = model.own(again);
    assertEquals("mhca_stages.0.mhca_blks.0.cpe.proj.weight", name);
    file.remove(name);
    Plan plan = Plan.of(file, model);
    assertEquals(List.of(), plan.missing());
    assertEquals(List.of(again), step(plan, name).sources());
  }

  @Test
  void countersOfBatchesMayBeMissing() {
    Inventory model = Inventory.of(BackboneVariant.SHUNTED_TINY);
    Map<String, Shape> file = Keys.backbone("shunted_tiny");
    String counter = "patch_embed1.conv.1.num_batches_tracked";
    file.remove(counter);
    Plan plan = Plan.of(file, model);
    assertEquals(List.of(), plan.missing());
    assertEquals(List.of(counter), plan.kept());
  }

  @Test
  void positionEmbeddingsOfOtherImagesAreConverted() {
    Map<String, Shape> file = Keys.backbone("pvt_tiny");
    file.put("pos_embed1", new Shape(1, 96 * 96, 64)); // of images of 384 pixels
    file.put("pos_embed4", new Shape(1, 49, 512)); // without the row of the class token
    Plan plan = Plan.of(file, TINY);
    assertEquals(Conversion.POSITIONS, step(plan, "pos_embed1").conversion());
    assertEquals(Conversion.POSITIONS, step(plan, "pos_embed4").conversion());
    file.put("pos_embed1", new Shape(1, 100 * 96, 64)); // of a map that is not square
    Plan.Unfit unfit = new Plan.Unfit("pos_embed1", file.get("pos_embed1"), new Shape(1, 3136, 64));
    assertEquals(List.of(unfit), Plan.of(file, TINY).unfit());
  }

  @Test
  void tablesOfOtherWindowsAreConvertedAndTheirIndicesKept() {
    Inventory model = Inventory.of(BackboneVariant.HRFORMER_TINY);
    Map<String, Shape> file = Keys.backbone("hrformer_tiny");
    String attention = "stage2.0.branches.0.0.attn.attn.relative_position_";
    file.put(attention + "bias_table", new Shape(25 * 25, 1));
    file.put(attention + "index", new Shape(169, 169));
    Plan plan = Plan.of(file, model);
    assertEquals(Conversion.RELATIVE_POSITIONS, step(plan, attention + "bias_table").conversion());
    assertEquals(List.of(attention + "index"), plan.kept());
    assertEquals(List.of(), plan.unfit());
  }

  @Test
  void onlyAClassifierMayHaveAnotherNumberOfClasses() {
    Inventory model = Inventory.of(BackboneVariant.HRFORMER_SMALL, HeadVariant.OCR, 11);
    List<Plan.Unfit> unfit = Plan.of(Keys.model("hrformer_small", "ocr"), model).unfit();
    assertEquals(
        Set.of("cls_head.weight", "cls_head.bias", "aux_head.2.weight", "aux_head.2.bias"),
        unfit.stream().map(Plan.Unfit::name).collect(Collectors.toSet()));
    assertTrue(unfit.stream().allMatch(Plan.Unfit::isOtherClassCount));
    Shape wider = new Shape(11, 256, 1, 1);
    Shape narrow = new Shape(150, 128, 1, 1);
    String name = "decode_head.conv_seg.weight";
    assertTrue(!new Plan.Unfit(name, narrow, wider).isOtherClassCount());
  }

  private static Plan.Step step(Plan plan, String name) {
    return plan.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }

  /** As much as a file of weights may list. */
  @Test
  void arraysWithoutPlaceTakeTimeInProportion() throws Throwable {
    Map<String, Shape> file = new LinkedHashMap<>(Keys.backbone("pvt_tiny"));
    for (int i = 0; i < 100_000; i++) {
      file.put("other%d.w".formatted(i), new Shape(1));
    }
    Container container = new Container("", file, Set.of());
    Inventory model = Inventory.of(BackboneVariant.PVT_TINY);
    CpuTime.assertBelow(
        5,
        () -> {
          Judgement judgement =
              new Judgement(
                  Path.of("a.pth"), container, model, Plan.of(file, model), LoadOptions.STANDARD);
          judgement.refuseUnlessEnough();
          assertTrue(judgement.report().leftOver().size() >= 100_000);
        });
  }
}
