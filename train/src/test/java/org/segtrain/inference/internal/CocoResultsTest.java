package org.segtrain.inference.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CocoResultsTest {

  @TempDir Path dir;

  /**
   * What {@code pycocotools.mask.encode} 2.0.11 gives for these masks; {@code tools/coco_rle.py}
   * asks it.
   */
  @ParameterizedTest
  @CsvSource({
    "010010110/101111000/000000001, 1, 111020O0O11OO01020",
    "010010110/101111000/000000001, 0, 0110020O0O11OO01020",
    "1111, 1, 04"
  })
  void theTextIsThatOfPycocotools(String rows, int label, String expected) {
    String digits = rows.replace("/", "");
    byte[] labels = new byte[digits.length()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (digits.charAt(i) - '0');
    }
    int width = rows.split("/", -1)[0].length();
    assertEquals(expected, CocoResults.runs(labels, width).get(label).text(labels.length));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 7, 11, 3", "3, 300, 200, 2", "4, 64, 500, 200"})
  void whatIsWrittenIsReadBack(int seed, int width, int height, int classes) throws IOException {
    Path file = dir.resolve("predictions.json");
    List<byte[]> images =
        Stream.of(seed, -seed).map(one -> blocks(one, width, height, classes)).toList();
    try (CocoResults results = new CocoResults(file)) {
      results.add("a \"b\"", images.get(0), width);
      results.add("c", images.get(1), width);
      assertFalse(Files.exists(file), "it is not complete");
    }
    assertTrue(CocoResults.isOwn(file));
    byte[][] found = {new byte[width * height], new byte[width * height]};
    for (byte[] image : found) {
      Arrays.fill(image, (byte) 255);
    }
    for (JsonNode entry : new ObjectMapper().readTree(file.toFile())) {
      int image = entry.get("image_id").asInt();
      assertEquals(image == 1 ? "a \"b\"" : "c", entry.get("file_name").asText());
      assertEquals("[%d,%d]".formatted(height, width), entry.at("/segmentation/size").toString());
      fill(
          found[image - 1],
          width,
          entry.get("category_id").asInt(),
          entry.at("/segmentation/counts").asText());
    }
    assertArrayEquals(images.get(0), found[0]);
    assertArrayEquals(images.get(1), found[1]);
  }

  @Test
  void withoutImagesThereIsNoFile() throws IOException {
    Path file = dir.resolve("predictions.json");
    new CocoResults(file).close();
    assertFalse(Files.exists(file));
    assertFalse(CocoResults.isOwn(Files.writeString(file, "[{\"image_id\":1,\"category_id\":2}]")));
  }

  /** As {@code rleFrString} of pycocotools reads it. */
  private static void fill(byte[] image, int width, int label, String text) {
    int height = image.length / width;
    int[] counts = new int[text.length()];
    int count = 0;
    int at = 0;
    int value = 0;
    int shift = 0;
    for (int i = 0; i < text.length(); i++) {
      int group = text.charAt(i) - 48;
      value |= (group & 31) << shift;
      shift += 5;
      if ((group & 32) == 0) {
        value |= (group & 16) != 0 ? -1 << shift : 0;
        counts[count] = count > 2 ? value + counts[count - 2] : value;
        for (int end = at + counts[count]; at < end; at++) {
          if (count % 2 == 1) {
            int pixel = at % height * width + at / height;
            assertEquals(-1, image[pixel], "in two classes");
            image[pixel] = (byte) label;
          }
        }
        count++;
        value = 0;
        shift = 0;
      }
    }
  }

  /** Columns of random heights, so that runs are short and long. */
  private static byte[] blocks(int seed, int width, int height, int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] labels = new byte[width * height];
    int left = 0;
    byte label = 0;
    for (int at = 0; at < labels.length; at++, left--) {
      if (left == 0) {
        left = 1 + random.nextInt(random.nextBoolean() ? 3 : 3 * height);
        label = (byte) random.nextInt(classes);
      }
      labels[at % height * width + at / height] = label;
    }
    return labels;
  }
}
