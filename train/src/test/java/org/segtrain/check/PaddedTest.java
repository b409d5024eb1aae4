package org.segtrain.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.segtrain.augment.Edges;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.ImageSize;
import org.segtrain.augment.TrainingSizes;
import org.segtrain.data.Sample;

/** Padding is told apart from void. */
final class PaddedTest {

  @Test
  void paddingIsWhatAugmentationAdds() {
    byte[] labels = new byte[20 * 60];
    Arrays.fill(labels, (byte) Sample.VOID);
    Sample sample = new Sample("a", 20, 60, new byte[3 * labels.length], labels);
    ImageSize crop = new ImageSize(64, 64);
    TrainingSizes sizes = new TrainingSizes(crop, Edges.around(crop), 1, 1);
    Sample crops =
        ImageRules.ALIGNED
            .training(sizes, false)
            .apply(sample, RandomGenerator.of("L64X128MixRandom"));
    assertEquals(64, crops.width());
    Padded padded = Padded.of(crops);
    assertEquals(new Padded(0, 0, 64, 64), padded, "the short edge fills the crop");
    Sample reduced = new Sample("b", 64, 64, padding(), new byte[64 * 64]);
    Arrays.fill(reduced.labels(), (byte) Sample.VOID);
    for (int y = 3; y < 40; y++) {
      Arrays.fill(reduced.rgb(), 3 * (64 * y + 5), 3 * (64 * y + 30), (byte) 0);
    }
    assertEquals(new Padded(5, 3, 30, 40), Padded.of(reduced));
    byte[] striped = Padded.of(reduced).striped(reduced.picture()).rgb();
    assertEquals(0, striped[3 * (64 * 3 + 5)]);
    byte[] stripe = Arrays.copyOf(striped, 3);
    assertArrayEquals(new byte[] {(byte) 0x9A, (byte) 0xA0, (byte) 0xA6}, stripe);
  }

  private static byte[] padding() {
    byte[] rgb = new byte[3 * 64 * 64];
    byte[] mean = {124, 116, 104};
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = mean[i % 3];
    }
    return rgb;
  }
}
