package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.segtrain.tensors.Refusals.assertRefused;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that Python's own libraries wrote. */
final class WeightFilesTest {

  @ParameterizedTest
  @MethodSource("org.segtrain.tensors.WeightFiles#read")
  void everyTensorHasItsNameTypeShapeAndNumbers(String name) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        TensorFile file = TensorFile.open(WeightFiles.path(name))) {
      List<String> names = new ArrayList<>(file.tensors().keySet());
      Iterator<String> found = names.iterator();
      for (JsonNode expected : WeightFiles.expected(name).get("tensors")) {
        String tensor = expected.get("name").asText();
        assertEquals(tensor, found.hasNext() ? found.next() : "the end", "in " + names);
        TensorInfo info = file.tensors().get(tensor);
        assertEquals(expected.get("type").asText(), info.type().name(), tensor);
        assertArrayEquals(numbers(expected.get("shape")), asDoubles(info.shape().getShape()));
        assertNumbers(expected, info, file.read(manager, tensor));
      }
      assertEquals(false, found.hasNext(), names.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("org.segtrain.tensors.WeightFiles#read")
  void whatElseIsInThemBecomesText(String name) {
    JsonNode expected = WeightFiles.expected(name).get("metadata");
    try (TensorFile file = TensorFile.open(WeightFiles.path(name))) {
      if (expected.isNull()) { // of TorchScript, whose modules keep what Python does not list
        assertEquals("TorchScript", file.format());
        return;
      }
      Map<String, String> texts = new TreeMap<>();
      expected.properties().forEach(text -> texts.put(text.getKey(), text.getValue().asText()));
      assertEquals(numbersAlike(texts), numbersAlike(file.metadata()));
    }
  }

  @ParameterizedTest
  @MethodSource("org.segtrain.tensors.WeightFiles#refused")
  void whatIsNotReadIsNamed(String name) {
    assertRefused(
        () -> TensorFile.open(WeightFiles.path(name)).close(),
        WeightFiles.path(name).toString(),
        WeightFiles.expected(name).get("refused").asText());
  }

  private static void assertNumbers(JsonNode expected, TensorInfo info, NDArray array) {
    String name = expected.get("name").asText();
    assertEquals(info.type().read(), array.getDataType(), name);
    assertEquals(info.shape(), array.getShape(), name);
    assertArrayEquals(
        numbers(expected.get("values")),
        array.toType(DataType.FLOAT64, true).toDoubleArray(),
        name);
  }

  /** Python writes 1e-08 what Java writes 1.0E-8. */
  private static Map<String, String> numbersAlike(Map<String, String> texts) {
    Map<String, String> alike = new TreeMap<>();
    texts.forEach((name, text) -> alike.put(name, text.replaceAll("^1e-0(\\d)$", "1.0E-$1")));
    return alike;
  }

  private static double[] numbers(JsonNode list) {
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i).asDouble();
    }
    return numbers;
  }

  private static double[] asDoubles(long[] numbers) {
    double[] doubles = new double[numbers.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = numbers[i];
    }
    return doubles;
  }
}
