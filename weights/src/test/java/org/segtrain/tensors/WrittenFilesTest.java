package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.tensors.Refusals.assertRefused;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what is read; that Python reads it, {@code tools/check_written.py} shows. */
final class WrittenFilesTest {

  @TempDir Path folder;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private Map<String, NDArray> arrays() {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    NDArray tied = manager.create(new float[] {1.5f, -0.25f, 1e-40f});
    arrays.put("head.weight", tied);
    arrays.put("größe/x", manager.arange(6f).reshape(2, 3).transpose());
    arrays.put("tied", tied);
    arrays.put("count", manager.create(1L << 40));
    arrays.put("none", manager.zeros(new Shape(0, 3)));
    arrays.put("double", manager.create(new double[] {Math.PI}));
    for (DataType type : List.of(DataType.INT32, DataType.INT8, DataType.UINT8, DataType.BOOLEAN)) {
      arrays.put(type.name(), manager.create(new int[] {0, 1, 2}).toType(type, true));
    }
    return arrays;
  }

  private void write(Path file, Map<String, NDArray> arrays, ElementType floats) {
    if (file.toString().endsWith(".pth")) {
      TorchWriter.write(file, arrays, floats);
    } else {
      SafeTensorsWriter.write(file, Map.of("epoch", "3"), arrays, floats);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.pth", "a.safetensors"})
  void everyArrayComesBackInItsOrder(String name) throws IOException {
    Path file = folder.resolve(name);
    Map<String, NDArray> arrays = arrays();
    write(file, arrays, ElementType.F32);
    try (TensorFile read = TensorFile.open(file)) {
      assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.tensors().keySet()));
      arrays.forEach((key, array) -> assertSame(array, read.read(manager, key)));
      assertThrows(IllegalArgumentException.class, () -> read.read(manager, "head"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.pth", "a.safetensors"})
  void floatsAreStoredInHalfTheBytesWhenAsked(String name) throws IOException {
    Path file = folder.resolve(name);
    NDArray numbers = manager.arange(-500f, 500f, 1f).mul(0.37f);
    for (ElementType half : List.of(ElementType.F16, ElementType.BF16)) {
      write(file, Map.of("x", numbers), half);
      assertTrue(Files.size(file) < 3000, "2000 bytes of numbers");
      try (TensorFile read = TensorFile.open(file)) {
        assertEquals(half, read.tensors().get("x").type());
        double relative = half == ElementType.F16 ? 0x1p-11 : 0x1p-8;
        double[] difference = doubles(read.read(manager, "x").sub(numbers).div(numbers.abs()));
        for (double d : difference) {
          assertTrue(Double.isNaN(d) || Math.abs(d) <= relative, d + " of " + half);
        }
      }
    }
  }

  @Test
  void arraysUnderTwoNamesAreStoredOnce() throws IOException {
    NDArray tied = manager.zeros(new Shape(10_000));
    TorchWriter.write(folder.resolve("a.pth"), Map.of("a", tied, "b", tied), ElementType.F32);
    assertTrue(Files.size(folder.resolve("a.pth")) < 42_000);
  }

  @Test
  void storagesAreAlignedAsPyTorchAlignsThem() {
    Path file = folder.resolve("a.pth");
    TorchWriter.write(file, arrays(), ElementType.F32);
    try (FileBytes bytes = FileBytes.open(file)) {
      TorchZip.contents(bytes).tensors().values().forEach(t -> assertEquals(0, t.position() % 64));
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("missing").resolve("a.pth");
    assertRefused(
        () -> TorchWriter.write(file, arrays(), ElementType.F32),
        "cannot write " + file,
        "there is no folder " + file.getParent());
  }

  @Test
  void theNameOfTheMetadataIsNoArraysName() {
    Path file = folder.resolve("a.safetensors");
    Map<String, NDArray> arrays = Map.of("__metadata__", manager.ones(new Shape(2)));
    assertRefused(
        () -> SafeTensorsWriter.write(file, Map.of(), arrays, ElementType.F32),
        "cannot write " + file,
        "__metadata__, which safetensors keeps for itself");
    assertFalse(Files.exists(file));
  }

  private static void assertSame(NDArray expected, NDArray found) {
    assertEquals(expected.getShape(), found.getShape());
    assertEquals(expected.getDataType(), found.getDataType());
    assertArrayEquals(expected.toByteArray(), found.toByteArray());
  }

  private static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, true).toDoubleArray();
  }
}
