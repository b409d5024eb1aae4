package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PaletteTest {

  @Test
  void coloursAreThoseOfPascalVoc() {
    Palette palette = Palette.of(20);
    assertEquals(0x800000, palette.rgb(0)); // aeroplane
    assertEquals(0x008000, palette.rgb(1)); // bicycle
    assertEquals(0xC08080, palette.rgb(14)); // person
    assertEquals(0x004080, palette.rgb(19)); // television
  }

  @Test
  void everyClassAndVoidHaveDifferentColours() {
    Palette palette = Palette.of(255);
    Set<Integer> colours = new HashSet<>();
    for (int label = 0; label <= 255; label++) {
      colours.add(palette.rgb(label));
    }
    assertEquals(256, colours.size());
  }

  @Test
  void labelsWithoutColourAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Palette.of(11).rgb(11));
    assertThrows(IllegalArgumentException.class, () -> Palette.of(256));
  }
}
