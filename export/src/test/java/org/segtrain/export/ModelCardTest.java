package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;

final class ModelCardTest {

  @Test
  void saysWhatGoesInAndWhatComesOut() throws JsonProcessingException {
    ExportSource model = original(List.of("sky", "tree"), ImageRules.HRFORMER);
    Deployment form =
        new Deployment(InputForm.FLOAT, OutputForm.CLASS_MAP, true, Precision.BF16, false);
    assertJson(
        """
        {"format": "segtrain export 1", "version": "1.2.3",
         "backbone": "hrformer_tiny", "head": "ocr", "weights": "trained", "step": 7,
         "precision": "bf16",
         "classes": [{"label": 0, "name": "sky", "colour": "#800000"},
                     {"label": 1, "name": "tree", "colour": "#008000"}],
         "voidLabel": 255,
         "input": {"name": "image", "axes": ["batch", "3", "height", "width"], "type": "float32",
                   "colours": "bgr", "range": [0, 255], "mean": [123.675, 116.28, 103.53],
                   "std": [58.395, 57.12, 57.375], "shortestSide": 32},
         "outputs": [{"name": "class_map", "axes": ["batch", "height", "width"], "type": "uint8",
                      "meaning": "number of the class with the highest score"},
                     {"name": "confidence", "axes": ["batch", "height", "width"],
                      "type": "float32", "meaning": "probability of that class, from softmax"}],
         "images": "hrformer", "crop": 520,
         "size": {"shortEdge": 0, "maxEdge": 0, "minEdge": 520, "multiple": 8, "padded": true}}
        """,
        ModelCard.of(model, form, "1.2.3"));
  }

  @Test
  void bytesNeedNoMeanAndAreRedFirstAlways() {
    ExportSource model = original(List.of("sky"), ImageRules.HRFORMER);
    Deployment form =
        new Deployment(InputForm.UINT8, OutputForm.LOGITS, false, Precision.FP32, false);
    ModelCard.Input input = ModelCard.of(model, form, "1.2.3").input();
    assertNull(input.mean());
    assertEquals("rgb", input.colours());
  }

  @Test
  void classesBeyondThePaletteHaveNoColour() {
    List<String> names = IntStream.range(0, 300).mapToObj(String::valueOf).toList();
    Deployment form =
        new Deployment(InputForm.UINT8, OutputForm.LOGITS, false, Precision.FP32, false);
    ModelCard card = ModelCard.of(original(names, ImageRules.EXACT), form, "1.2.3");
    assertNull(card.classes().get(299).colour());
  }

  private static ExportSource original(List<String> classes, ImageRules rules) {
    ExportSource.Photographs photographs = ExportSource.Photographs.of(rules, 520);
    return new ExportSource(
        () -> {}, null, "hrformer_tiny", "ocr", classes, photographs, "trained", 7);
  }

  private static void assertJson(String expected, ModelCard card) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    assertEquals(mapper.readTree(expected), mapper.readTree(card.json()));
  }
}
