package org.segtrain.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InputSizeTest {

  @ParameterizedTest
  @CsvSource({
    "683, 512, 683, 512, 704, 512",
    "60, 30, 1024, 512, 1024, 512",
    "5000, 500, 2048, 205, 2048, 224",
    "5000, 50, 2048, 20, 2048, 32"
  })
  void thePhotographIsScaledAndThenItsEdgesAreRoundedUp(
      int width, int height, int scaledWidth, int scaledHeight, int wholeWidth, int wholeHeight) {
    InputSize size = new InputSize(512, 2048, 0, 32, false);
    PixelSize scaled = size.scaled(new PixelSize(width, height));
    assertEquals(new PixelSize(scaledWidth, scaledHeight), scaled);
    assertEquals(new PixelSize(wholeWidth, wholeHeight), size.whole(scaled));
  }

  @Test
  void aShortEdgeIsEnlargedToItsLeastAndNotReduced() {
    InputSize size = new InputSize(0, 0, 512, 8, true);
    assertEquals(new PixelSize(800, 512), size.scaled(new PixelSize(400, 256)));
    assertEquals(new PixelSize(683, 521), size.scaled(new PixelSize(683, 521)));
    assertEquals(new PixelSize(688, 528), size.whole(new PixelSize(683, 521)));
  }

  @Test
  void propertiesSayAllOfIt() {
    InputSize size = new InputSize(512, 2048, 40, 32, true);
    assertEquals(size, InputSize.of(new Arguments(size.properties())));
    assertEquals(InputSize.OWN, InputSize.of(new Arguments(Map.of())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shortEdge|512 px|shortEdge of a serving.properties must be a whole number from 0 to 999999999",
        "maxEdge|9999999999|but is \"9999999999\"",
        "minEdge|-1|minEdge of",
        "multiple|NaN|multiple of",
        "multiple|0|multiple must be at least 1, but is 0",
        "padded|yes|padded of a serving.properties must be true or false, but is \"yes\"",
      })
  void wrongPropertiesAreRefusedInASentence(String name, String value, String wanted) {
    Arguments wrong = new Arguments(Map.of(name, value));
    Exception error = assertThrows(IllegalArgumentException.class, () -> InputSize.of(wrong));
    assertTrue(error.getMessage().contains(wanted), error.getMessage());
  }

  @Test
  void numbersOfJsonAreTakenAsTheyAre() {
    Map<String, Object> values = new HashMap<>(Map.of("shortEdge", 512.0, "padded", true));
    values.put("maxEdge", null);
    assertEquals(new InputSize(512, 0, 0, 1, true), InputSize.of(new Arguments(values)));
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new InputSize(-1, 0, 0, 1, false));
    assertThrows(IllegalArgumentException.class, () -> new InputSize(32, 0, 0, 0, false));
    assertThrows(IllegalArgumentException.class, () -> new PixelSize(0, 1));
  }

  @Test
  void paddingIsTheMeanColourOnTheRightAndBelow() {
    byte[] rgb = {1, 2, 3};
    PixelSize one = new PixelSize(1, 1);
    byte[] padded = Padding.of(rgb, one, new PixelSize(2, 2));
    assertArrayEquals(new byte[] {1, 2, 3, 124, 116, 104, 124, 116, 104, 124, 116, 104}, padded);
    assertSame(rgb, Padding.of(rgb, one, one));
  }
}
