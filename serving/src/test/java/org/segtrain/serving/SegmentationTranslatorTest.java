package org.segtrain.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentationTranslatorTest {

  private static final int[][] CLASSES = Photographs.classes(70, 45, 5, 1);

  @TempDir static Path temporary;
  private static Path folder;

  @BeforeAll
  static void export() throws Exception {
    folder = Brightest.folder(temporary.resolve("model"), "engine=PyTorch");
  }

  @Test
  void aPhotographGivesTheClassOfEachPixelWithTheirNames() throws Exception {
    CategoryMask mask = predict(Image.class, Photographs.image(CLASSES));
    assertArrayEquals(CLASSES, mask.getMask());
    assertEquals(List.of("red", "green", "blue"), mask.getClasses());
  }

  @Test
  void everyKindOfInputGivesTheSame() throws Exception {
    byte[] file = Photographs.png(CLASSES);
    Path path = Files.write(temporary.resolve("photo.png"), file);
    assertArrayEquals(CLASSES, predict(Path.class, path).getMask());
    assertArrayEquals(CLASSES, predict(URL.class, path.toUri().toURL()).getMask());
    assertArrayEquals(CLASSES, predict(String.class, path.toUri().toString()).getMask());
    assertArrayEquals(CLASSES, predict(byte[].class, file).getMask());
    InputStream stream = new ByteArrayInputStream(file);
    assertArrayEquals(CLASSES, predict(InputStream.class, stream).getMask());
  }

  @Test
  void aPhotographThatIsResizedGetsAMaskOfItsOwnSize() throws Exception {
    int[][] classes = Photographs.classes(96, 160, 32, 2);
    try (ZooModel<Image, CategoryMask> model =
            load(Image.class, "shortEdge", "48", "maxEdge", "64", "multiple", "32");
        Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
      int[][] mask = predictor.predict(Photographs.image(classes)).getMask(); // read as 64 x 64
      int equal = 0;
      for (int y = 0; y < 160; y++) {
        assertEquals(96, mask[y].length);
        for (int x = 0; x < 96; x++) {
          equal += mask[y][x] == classes[y][x] ? 1 : 0;
        }
      }
      assertEquals(160, mask.length);
      assertTrue(equal > 0.9 * 96 * 160, "only %d are equal".formatted(equal)); // but near borders
    }
  }

  @Test
  void photographsOfABatchMayDifferInSize() throws Exception {
    int[][] other = Photographs.classes(33, 81, 4, 3);
    try (ZooModel<Image, CategoryMask> model = load(Image.class);
        Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
      List<CategoryMask> masks =
          predictor.batchPredict(List.of(Photographs.image(CLASSES), Photographs.image(other)));
      assertArrayEquals(CLASSES, masks.get(0).getMask());
      assertArrayEquals(other, masks.get(1).getMask());
    }
  }

  @Test
  void aStackedBatchGivesEachPhotographItsOwnMask() throws Exception {
    int[][] other = Photographs.classes(70, 45, 9, 4);
    try (ZooModel<byte[], CategoryMask> model = load(byte[].class, "batchifier", "stack");
        Predictor<byte[], CategoryMask> predictor = model.newPredictor()) {
      List<CategoryMask> masks =
          predictor.batchPredict(List.of(Photographs.png(CLASSES), Photographs.png(other)));
      assertArrayEquals(CLASSES, masks.get(0).getMask());
      assertArrayEquals(other, masks.get(1).getMask());
    }
  }

  @Test
  void theModelRunsOnSmallImagesBeforeTheFirstPhotograph() throws Exception {
    try (ZooModel<Image, CategoryMask> model = load(Image.class)) {
      List<Shape> seen = new ArrayList<>();
      Block block = model.getBlock();
      model.setBlock(
          new LambdaBlock(
              pixels -> {
                seen.add(pixels.singletonOrThrow().getShape());
                return block.forward(new ParameterStore(), pixels, false);
              }));
      for (int i = 0; i < 2; i++) {
        try (Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
          predictor.predict(Photographs.image(CLASSES));
        }
      }
      Shape small = new Shape(1, 64, 64, 3);
      Shape photograph = new Shape(1, 45, 70, 3);
      assertEquals(List.of(small, small, photograph, photograph), seen);
    }
  }

  @Test
  void anImpossibleSizeIsRefused() {
    Exception error =
        assertThrows(
            IllegalArgumentException.class, () -> load(Image.class, "shortEdge", "-1").close());
    assertTrue(
        error.getMessage().contains("shortEdge of a serving.properties must be"),
        error.getMessage());
  }

  private static <I> CategoryMask predict(Class<I> type, I input) throws Exception {
    try (ZooModel<I, CategoryMask> model = load(type);
        Predictor<I, CategoryMask> predictor = model.newPredictor()) {
      return predictor.predict(input);
    }
  }

  private static <I> ZooModel<I, CategoryMask> load(Class<I> type, String... arguments)
      throws Exception {
    var criteria =
        Criteria.builder()
            .setTypes(type, CategoryMask.class)
            .optModelPath(folder)
            .optTranslatorFactory(new SegmentationTranslatorFactory());
    for (int i = 0; i < arguments.length; i += 2) {
      criteria.optArgument(arguments[i], arguments[i + 1]);
    }
    return criteria.build().loadModel();
  }
}
