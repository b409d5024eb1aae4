package org.segtrain.measure.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.measure.internal.ModelExplanation.Part;

final class ModelExplanationTest {

  private static final ImageSize SIZE = new ImageSize(64, 96);
  private static final List<String> STAGES = List.of("stage 1", "stage 2", "stage 3", "stage 4");

  @Test
  void thePartsOfAModelAddUp() {
    assertPartsAddUp(BackboneVariant.PVT_TINY, HeadVariant.UPERNET);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "SHUNTED_TINY, FPN",
    "MPVIT_TINY, SEGFORMER",
    "HRVIT_B1, OCR_MMSEG",
    "HRFORMER_TINY, OCR"
  })
  void thePartsOfOthersAddUp(BackboneVariant backbone, HeadVariant head) {
    assertPartsAddUp(backbone, head);
  }

  /** Nothing is computed or learnt between the parts, nor counted twice. */
  private static void assertPartsAddUp(BackboneVariant backbone, HeadVariant head) {
    NewModel model = new NewModel(backbone, Optional.of(head), 7);
    ModelExplanation explained = ModelExplanation.of(model, SIZE);
    assertEquals(model.parameters().orElseThrow(), explained.parameters());
    assertEquals(model.multiplyAdds(SIZE).orElseThrow(), explained.multiplyAdds());
    List<String> names = explained.parts().stream().map(Part::name).toList();
    assertTrue(names.containsAll(STAGES), names::toString);
    boolean hasStem = !backbone.toString().matches("(pvt|shunted)_tiny");
    assertEquals(hasStem, names.contains("stem"), names::toString);
    List<Part> parts = explained.parts();
    for (Part part : parts) {
      boolean isInInference = !part.name().equals("auxiliary_head");
      assertEquals(isInInference, part.multiplyAdds() > 0, part.name());
      assertTrue(part.parameters() > 0, part.name());
    }
    List<String> keys = parts.stream().flatMap(part -> part.keys().stream()).toList();
    assertEquals(keys.stream().distinct().toList(), keys, "each belongs to one part");
    assertEquals(4, explained.maps().size());
    assertEquals(List.of(16L, 24L), explained.maps().get(0).subList(2, 4));

    ModelExplanation after = ModelExplanation.ofHead(model, SIZE);
    assertTrue(after.parts().stream().noneMatch(part -> part.name().startsWith("st")));
    assertEquals(parts.subList(parts.size() - after.parts().size(), parts.size()), after.parts());
  }

  @Test
  void aBareBackboneHasItsNamesInTheCheckpoint() {
    NewModel model = new NewModel(BackboneVariant.PVT_TINY, Optional.empty(), 1);
    List<Part> parts = ModelExplanation.of(model, SIZE).parts();
    assertEquals(STAGES, parts.stream().map(Part::name).toList());
    assertEquals(List.of("pos_embed1", "patch_embed1", "block1"), parts.get(0).keys());
    NewModel hrformer = new NewModel(BackboneVariant.HRFORMER_TINY, Optional.empty(), 1);
    List<Part> others = ModelExplanation.of(hrformer, SIZE).parts();
    assertEquals(List.of("conv1", "bn1", "conv2", "bn2"), others.get(0).keys());
    assertEquals(List.of("layer1"), others.get(1).keys());
    assertEquals(List.of("transition1", "stage2"), others.get(2).keys());
  }
}
