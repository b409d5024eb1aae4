package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;

final class LikenessTest {

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void anOfficialBackboneIsRecognized(BackboneVariant variant) {
    Map<String, Shape> file = Keys.backbone(variant.toString());
    assertEquals(Optional.of(new Likeness(variant, 1, null, 0, 0, false)), Likeness.of(file));
    file.put("head.weight", new Shape(1000, 512));
    file.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
    assertEquals(variant, Likeness.of(file).orElseThrow().backbone());
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "pvt_small, semfpn, FPN",
    "mpvit_small, upernet, UPERNET",
    "hrvit_b1, segformer, SEGFORMER",
    "hrvit_b1, segformer_mmseg, SEGFORMER_MMSEG",
    "hrformer_small, ocr, OCR",
    "hrformer_small, ocr_mmseg, OCR_MMSEG"
  })
  void anOfficialModelIsRecognized(String backbone, String head, HeadVariant variant) {
    Likeness likeness = Likeness.of(Keys.model(backbone, head)).orElseThrow();
    assertEquals(new Likeness(BackboneVariant.of(backbone), 1, variant, 1, 150, false), likeness);
  }

  @Test
  void oneLogitIsOfTwoClasses() {
    Map<String, Shape> file =
        Inventory.of(BackboneVariant.PVT_TINY, HeadVariant.OCR, 2, true).shapes();
    assertEquals(
        Optional.of(new Likeness(BackboneVariant.PVT_TINY, 1, HeadVariant.OCR, 1, 2, true)),
        Likeness.of(file));
  }

  @Test
  void aStrangerIsLikeNothing() {
    assertEquals(Optional.empty(), Likeness.of(Map.of("fc.weight", new Shape(10, 3))));
    assertEquals(Optional.empty(), Likeness.of(Map.of()));
  }

  /** A file may say any shape. */
  @Test
  void aClassifierOfNoClassesIsNone() {
    for (Shape shape : new Shape[] {new Shape(), new Shape(0, 3), new Shape(1L << 40)}) {
      Map<String, Shape> file = Keys.model("pvt_small", "semfpn");
      file.keySet().removeIf(name -> name.startsWith("decode_head.conv_seg"));
      file.put("decode_head.conv_seg.weight", shape);
      assertEquals("pvt_small", Likeness.of(file).orElseThrow().model());
    }
  }

  @Test
  void theModelIsNamed() {
    assertEquals(
        "pvt_small with fpn", Likeness.of(Keys.model("pvt_small", "semfpn")).get().model());
    assertTrue(Likeness.of(Keys.backbone("pvt_small")).get().model().equals("pvt_small"));
  }
}
