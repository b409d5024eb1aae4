package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;

final class ModelCardTest {

  private static final Path FILE = Path.of("m.pt");
  private static final SegmentationModel MODEL = // not initialised
      SegmentationModel.builder()
          .setBackbone(BackboneVariant.HRFORMER_TINY)
          .setHead(HeadVariant.OCR)
          .setClasses(1)
          .build();
  private static final ExportSource NEW =
      new ExportSource(
          () -> {},
          MODEL,
          "hrformer_tiny",
          "ocr",
          List.of("sky"),
          ExportSource.Photographs.ofOwnSize(ImageRules.OPENSEG),
          ExportSource.NEW,
          0);

  @Test
  void saysWhatGoesInAndWhatComesOut() throws JsonProcessingException {
    ExportSource model = original(List.of("sky", "tree"), ImageRules.HRFORMER);
    Deployment form =
        new Deployment(
            InputForm.FLOAT, OutputForm.CLASS_MAP, true, Precision.BF16, Optimization.NONE);
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
         "alignCorners": true,
         "images": "hrformer", "crop": 520,
         "size": {"shortEdge": 0, "maxEdge": 0, "minEdge": 520, "multiple": 8, "padded": true},
         "evaluation": {"scales": [1.0], "flip": false, "average": "probabilities", "window": "", "stride": ""}}
        """,
        ModelCard.of(model, form, "1.2.3"));
  }

  @Test
  void bytesNeedNoMeanAndAreRedFirstAlways() {
    ExportSource model = original(List.of("sky"), ImageRules.HRFORMER);
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);
    ModelCard.Input input = ModelCard.of(model, form, "1.2.3").input();
    assertNull(input.mean());
    assertEquals("rgb", input.colours());
  }

  @Test
  void classesBeyondThePaletteHaveNoColour() {
    List<String> names = IntStream.range(0, 300).mapToObj(String::valueOf).toList();
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);
    ModelCard card = ModelCard.of(original(names, ImageRules.EXACT), form, "1.2.3");
    assertNull(card.classes().get(299).colour());
  }

  /** Of a file that normalises, too, and one of unknown crops. */
  @ParameterizedTest
  @EnumSource
  void isReadAsItWasWritten(InputForm input) {
    Deployment form =
        new Deployment(input, OutputForm.FULL_LOGITS, false, Precision.BF16, Optimization.NONE);
    ModelCard card = ModelCard.of(original(List.of("sky"), ImageRules.EXACT), form, "1.2.3");
    assertEquals(card, ModelCard.of(FILE, card.json()));
    assertEquals(input, card.inputForm());
    ModelCard unknown = ModelCard.of(NEW, form, "1.2.3");
    assertEquals(unknown, ModelCard.of(FILE, unknown.json()));
  }

  @Test
  void ofAFileForACpuNamesItsDeviceAndItsInt8Layers() {
    Optimization int8 = Optimization.int8(List.of(FILE));
    Deployment form =
        new Deployment(InputForm.FLOAT, OutputForm.LOGITS, false, Precision.FP32, int8);
    ModelCard card = ModelCard.of(NEW, form, "1.2.3");
    assertEquals(card, ModelCard.of(FILE, card.json()));
    assertEquals("fp32 with layers in int8", card.model().arithmetic());
    String gpu = card.json().replace("\"cpu\"", "\"gpu\"");
    assertEquals(
        "the segtrain.json of m.pt is not whole: its \"device\" is \"gpu\", but may be \"cpu\" alone;"
            + " export the model again",
        assertThrows(DataException.class, () -> ModelCard.of(FILE, gpu)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          export 1 | export 2 | the segtrain.json of m.pt has the format "segtrain export 2", but this version reads "segtrain export 1"; export the model again
          "voidLabel" | "other" | the segtrain.json of m.pt is not whole: it has no "voidLabel"; export the model again
          "mpvit | {"mpvit | the segtrain.json of m.pt is not whole:
          "exact" | "sharp" | the segtrain.json of m.pt is not whole: it is wrong; export the model again
          "fp32" | null | the segtrain.json of m.pt is not whole: it has no "precision"
          "step" : 7 | "step" : "x" | the segtrain.json of m.pt is not whole: its "step" is missing or wrong
          "label" : 0, | "label" : 4.7, | the segtrain.json of m.pt is not whole: its "label" is missing or wrong
          "#800000" | "red" | the segtrain.json of m.pt is not whole: files.palette has colours such as #4682b4, but one is "red"
          "#800000" | null | the segtrain.json of m.pt is not whole: its class "sky" has no colour
          "name" : "sky" | "name" : null | the segtrain.json of m.pt is not whole: it is wrong
          "batch" | null | the segtrain.json of m.pt is not whole: it is wrong
          "height" | "99999999999" | the segtrain.json of m.pt is not whole: its input has the axis 99999999999, but axes are names, or sizes from 1 to 8192
          "multiple" : 1 | "multiple" : 0 | the segtrain.json of m.pt is not whole: multiple must be at least 1, but is 0
          "scales" : [ 1.0 ] | "scales" : [ null ] | the segtrain.json of m.pt is not whole: its "scales.0" is missing or wrong
          "input" : { | "input" : 7, "other" : { | the segtrain.json of m.pt is not whole: its "input" has a value that is no object
          "outputs" : [ | "outputs" : [ ], "other" : [ | the segtrain.json of m.pt is not whole: its "outputs" is empty
          """)
  void whatIsNotReadableIsRefused(String old, String instead, String sentence) {
    Deployment form =
        new Deployment(
            InputForm.FLOAT, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);
    String json = ModelCard.of(original(List.of("sky"), ImageRules.EXACT), form, "1.2.3").json();
    String other = json.replace("hrformer_tiny", "mpvit_tiny").replace(old, instead);
    String message =
        assertThrows(DataException.class, () -> ModelCard.of(FILE, other)).getMessage();
    assertTrue(message.startsWith(sentence), message);
  }

  /** As cards were before exported files could be scored. */
  @ParameterizedTest
  @EnumSource
  void withoutItsAlignmentACardHasThatOfItsHead(HeadVariant head) throws JsonProcessingException {
    ModelCard card = ModelCard.of(FILE, withoutAlignment(head.toString()));
    assertEquals(head == HeadVariant.OCR, card.alignCorners());
  }

  @Test
  void nobodyKnowsTheAlignmentOfAnOwnHead() {
    String message =
        assertThrows(DataException.class, () -> ModelCard.of(FILE, withoutAlignment("mine")))
            .getMessage();
    assertTrue(message.contains("it has no \"alignCorners\"; export the model again"), message);
  }

  private static String withoutAlignment(String head) throws JsonProcessingException {
    Deployment form =
        new Deployment(
            InputForm.FLOAT, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);
    ModelCard card = ModelCard.of(original(List.of("sky"), ImageRules.EXACT), form, "1.2.3");
    ObjectNode tree = (ObjectNode) new ObjectMapper().readTree(card.json());
    tree.remove("alignCorners");
    return tree.put("head", head).toString();
  }

  private static ExportSource original(List<String> classes, ImageRules rules) {
    ExportSource.Photographs photographs = ExportSource.Photographs.of(rules, 520);
    return new ExportSource(
        () -> {}, MODEL, "hrformer_tiny", "ocr", classes, photographs, "trained", 7);
  }

  private static void assertJson(String expected, ModelCard card) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    assertEquals(mapper.readTree(expected), mapper.readTree(card.json()));
  }
}
