package org.segtrain.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.BytesSupplier;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.images.Arguments;

/** Requests as DJL Serving makes them: a model of {@code Input} and {@code Output}, in batches. */
final class SegmentationServingTranslatorTest {

  private static final int[][] CLASSES = Photographs.classes(50, 40, 6, 1);

  @TempDir static Path temporary;
  private static ZooModel<Input, Output> model;
  private static Predictor<Input, Output> predictor;

  @BeforeAll
  static void load() throws Exception {
    Path folder =
        Brightest.folder(
            temporary.resolve("model"),
            "engine=PyTorch",
            "translator=" + SegmentationServingTranslator.class.getName(),
            "palette=0a0b0c,112233");
    model =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelPath(folder)
            .build()
            .loadModel();
    predictor = model.newPredictor();
  }

  @AfterAll
  static void close() {
    predictor.close();
    model.close();
  }

  @Test
  void aPhotographGivesAPngOfClassNumbersInTheirColours() throws Exception {
    Output response = predictor.predict(request(Photographs.png(CLASSES), "*/*"));
    assertEquals("image/png", response.getProperty("content-type", ""));
    BufferedImage png = ImageIO.read(new ByteArrayInputStream(response.getData().getAsBytes()));
    for (int y = 0; y < CLASSES.length; y++) {
      assertArrayEquals(
          CLASSES[y], png.getRaster().getSamples(0, y, CLASSES[y].length, 1, 0, (int[]) null));
    }
    assertEquals(0xFF0A0B0C, png.getColorModel().getRGB(0));
    assertEquals(0xFF112233, png.getColorModel().getRGB(1));
  }

  @Test
  void eachRequestOfABatchIsAnsweredAsItAccepts() throws Exception {
    int[][] other = Photographs.classes(64, 33, 7, 2);
    List<Output> responses =
        predictor.batchPredict(
            List.of(
                request(Photographs.png(CLASSES), "image/png"),
                request(Photographs.png(other), "application/json")));
    assertEquals("image/png", responses.get(0).getProperty("Content-Type", ""));
    CategoryMask mask = new CategoryMask(List.of("red", "green", "blue"), other);
    assertEquals(mask.toJson(), responses.get(1).getData().getAsString());
  }

  @Test
  void aPaletteThatIsNoneIsRefused() {
    SegmentationServingTranslator translator = new SegmentationServingTranslator();
    Map<String, String> words = Map.of("palette", "0a0b0c,red");
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> translator.setArguments(words));
    assertTrue(error.getMessage().contains("the colour \"red\""), error.getMessage());
    String colours = String.join(",", Collections.nCopies(257, "0a0b0c"));
    Map<String, String> many = Map.of("palette", colours);
    error = assertThrows(IllegalArgumentException.class, () -> translator.setArguments(many));
    assertTrue(error.getMessage().contains("257 colours"), error.getMessage());
  }

  @Test
  void whatIsNoImageIsRefused() {
    Exception error =
        assertThrows(
            TranslateException.class,
            () -> predictor.predict(request(new byte[] {1, 2, 3}, "image/png")));
    assertTrue(error.getMessage().contains("of no known form"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:9/a.jpg", "/etc/hostname", "file:///etc/hostname"})
  void anAddressIsNotOpened(String address) {
    Input request = new Input();
    request.add("{\"image_url\": \"%s\"}".formatted(address).getBytes(StandardCharsets.UTF_8));
    request.addProperty("Content-Type", "application/json; charset=utf-8");
    Exception error = assertThrows(TranslateException.class, () -> predictor.predict(request));
    assertTrue(error.getMessage().contains("are not opened"), error.getMessage());
  }

  @Test
  void aHugeImageIsRefusedByItsHeader() throws TranslateException {
    byte[] header = new byte[33];
    ByteBuffer.wrap(header)
        .putLong(0x89504E470D0A1A0AL)
        .putInt(13)
        .put("IHDR".getBytes(StandardCharsets.US_ASCII))
        .putInt(30_000)
        .putInt(30_000)
        .put(new byte[] {8, 2, 0, 0, 0});
    Exception error =
        assertThrows(TranslateException.class, () -> predictor.predict(request(header, "*/*")));
    assertTrue(
        error.getMessage().contains("30000 x 30000 pixels is too large"), error.getMessage());
    BytesSupplier image = BytesSupplier.wrap(header);
    Requests.of(new Arguments(Map.of("maxPixels", "900000000"))).check(image);
    Requests less = Requests.of(new Arguments(Map.of("maxPixels", "899999999")));
    assertThrows(TranslateException.class, () -> less.check(image));
    Arguments none = new Arguments(Map.of("maxPixels", "many"));
    assertThrows(IllegalArgumentException.class, () -> Requests.of(none));
  }

  private static Input request(byte[] file, String accept) {
    Input request = new Input();
    request.add(file);
    request.addProperty("accept", accept);
    return request;
  }
}
