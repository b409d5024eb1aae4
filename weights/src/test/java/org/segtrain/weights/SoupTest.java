package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;
import org.segtrain.tensors.TensorFile;

final class SoupTest {

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void everyArrayIsTheMeanAndCountsAreTheFirstOnes() {
    Path out = folder.resolve("soup.safetensors");
    Soup soup =
        Soup.of(
            List.of(
                weights("a", new float[] {1, 2}, 7),
                weights("b", new float[] {3, 4}, 8),
                weights("c", new float[] {5, 9}, 9)),
            out);
    assertEquals(new Soup(out, 3, 2), soup);
    try (TensorFile file = TensorFile.open(out)) {
      assertArrayEquals(new float[] {3, 5}, file.read(manager, "w").toFloatArray());
      assertArrayEquals(new long[] {7}, file.read(manager, "n").toLongArray());
    }
  }

  /** In float32 the small numbers would be lost beside the large one. */
  @Test
  void theMeanIsTakenInFloat64() {
    Path out = folder.resolve("soup.pth");
    float large = 1 << 24;
    Soup.of(
        List.of(
            weights("a", new float[] {large}, 0),
            weights("b", new float[] {1}, 0),
            weights("c", new float[] {1}, 0),
            weights("d", new float[] {-large}, 0)),
        out);
    try (TensorFile file = TensorFile.open(out)) {
      assertArrayEquals(new float[] {0.5f}, file.read(manager, "w").toFloatArray());
    }
  }

  @Test
  void checkpointsGiveACheckpointThatNobodyMeasured() {
    Path out = folder.resolve("soup.safetensors");
    Map<String, String> one =
        Map.of("format", "segtrain 1", "classes", "[\"a\"]", "best_mean_iou", "0.5");
    Soup.of(List.of(checkpoint("a", one, 1), checkpoint("b", one, 2)), out);
    try (TensorFile file = TensorFile.open(out)) {
      assertEquals("segtrain 1", file.metadata().get("format"));
      assertEquals("-1.0", file.metadata().get("best_mean_iou"));
      assertEquals(List.of("model.w"), List.copyOf(file.tensors().keySet()));
      assertEquals(1.5f, file.read(manager, "model.w").getFloat(0));
    }
  }

  @Test
  void modelsThatDifferAreRefusedWithBothValues() {
    Path out = folder.resolve("soup.safetensors");
    Path two = weights("two", new float[] {1, 2}, 0);
    Path three = weights("three", new float[] {1, 2, 3}, 0);
    DataException shapes =
        assertThrows(DataException.class, () -> Soup.of(List.of(two, three), out));
    assertEquals(
        "%s has w (2), but %s has (3); average models of one kind".formatted(two, three),
        shapes.getMessage());
    Path other = folder.resolve("other.safetensors");
    write(other, Map.of(), Map.of("w", manager.create(new float[] {1, 2})));
    assertThrows(DataException.class, () -> Soup.of(List.of(two, other), out));
    assertThrows(DataException.class, () -> Soup.of(List.of(other, two), out));
    Map<String, String> one = Map.of("format", "segtrain 1", "classes", "[\"a\"]");
    Map<String, String> another = Map.of("format", "segtrain 1", "classes", "[\"b\"]");
    DataException classes =
        assertThrows(
            DataException.class,
            () -> Soup.of(List.of(checkpoint("x", one, 1), checkpoint("y", another, 1)), out));
    assertEquals(
        "%s has the classes [\"b\"], but %s has the classes [\"a\"]; average models of the same classes"
            .formatted(folder.resolve("y.safetensors"), folder.resolve("x.safetensors")),
        classes.getMessage());
    Path silent = checkpoint("silent", Map.of("format", "segtrain 1"), 1);
    Path naming = checkpoint("naming", one, 1);
    for (List<Path> both : List.of(List.of(silent, naming), List.of(naming, silent))) {
      DataException unknown = assertThrows(DataException.class, () -> Soup.of(both, out));
      assertTrue(unknown.getMessage().contains("no names of classes"), () -> unknown.getMessage());
    }
    assertThrows(UsageException.class, () -> Soup.of(List.of(two), out));
    assertFalse(Files.exists(out));
  }

  @Test
  void aModelThatIsThereTwiceIsRefused() throws IOException {
    Path out = folder.resolve("soup.safetensors");
    Path one = weights("one", new float[] {1}, 0);
    Path other = weights("other", new float[] {1}, 0);
    Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), one);
    UsageException twice =
        assertThrows(UsageException.class, () -> Soup.of(List.of(one, other, one), out));
    assertEquals(one + " is there twice; name each model once", twice.getMessage());
    UsageException linked =
        assertThrows(UsageException.class, () -> Soup.of(List.of(one, link), out));
    assertEquals(
        "%s and %s are one file; name each model once".formatted(one, link), linked.getMessage());
    assertEquals(2, Soup.of(List.of(one, other), out).models()); // equal files are no matter
  }

  private Path checkpoint(String name, Map<String, String> metadata, float value) {
    Path file = folder.resolve(name + ".safetensors");
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    arrays.put("model.w", manager.create(new float[] {value}));
    arrays.put("optimizer.w", manager.create(new float[] {9}));
    write(file, metadata, arrays);
    return file;
  }

  private Path weights(String name, float[] values, long count) {
    Path file = folder.resolve(name + ".safetensors");
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    arrays.put("w", manager.create(values));
    arrays.put("n", manager.create(new long[] {count}));
    write(file, Map.of("format", "pt"), arrays);
    return file;
  }

  private static void write(Path file, Map<String, String> metadata, Map<String, NDArray> arrays) {
    SafeTensorsWriter.write(file, metadata, arrays, ElementType.F32);
  }
}
