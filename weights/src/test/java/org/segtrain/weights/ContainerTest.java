package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.errors.DataException;
import org.segtrain.tensors.CpuTime;

final class ContainerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv.weight fc.bias                                 |                            | conv.weight fc.bias
          state_dict/a state_dict/b optimizer/state/0/exp_avg | state_dict                 | a b
          model.a model.b optimizer.a                         | model                      | a b
          state_dict/a state_dict_ema/a                       | state_dict                 | a
          model_ema/a optimizer/a                             | model_ema                  | a
          model.a ema.a optimizer.a                           | model                      | a
          model.a average.a optimizer.a                       | model                      | a
          ema.a optimizer.a                                   | ema                        | a
          a head.b state_dict_ema/a                           |                            | a head.b
          state_dict/module.a state_dict/module.b             | state_dict/module          | a b
          module.a module.b                                   | module                     | a b
          state_dict/module.a state_dict/b                    | state_dict                 | module.a b
          state_dict/model._orig_mod.a                        | state_dict/model._orig_mod | a
          model/state_dict/a model/epoch model/optimizer/b    | model/state_dict           | a
          net/a optimizer/b                                   | net                        | a
          a.weight constants/0                                |                            | a.weight
          """)
  void thePartOfAModelIsFound(String names, String path, String inside) {
    Container container = Container.of(Path.of("f"), arrays(names), null);
    assertEquals(path == null ? "" : path, container.path());
    assertEquals(Set.of(inside.split(" ")), container.shapes().keySet());
    for (String name : container.shapes().keySet()) {
      assertTrue(arrays(names).containsKey(container.prefix() + name), name);
    }
  }

  @Test
  void thePartThatIsAskedForIsTaken() {
    Map<String, Shape> file = arrays("state_dict/a state_dict_ema/module.a optimizer/a");
    Container container = Container.of(Path.of("f"), file, "state_dict_ema");
    assertEquals("state_dict_ema/module", container.path());
    assertEquals(Set.of("optimizer", "state_dict"), container.others());
  }

  @Test
  void aPartThatIsNotThereIsRefusedWithThoseThatAre() {
    Map<String, Shape> file = arrays("state_dict/a optimizer/a");
    var refused =
        assertThrows(
            DataException.class, () -> Container.of(Path.of("f.pth"), file, "state_dict_ema"));
    assertEquals(
        "f.pth has no part \"state_dict_ema\", but optimizer, state_dict", refused.getMessage());
  }

  @Test
  void aFileOfAnOptimizerIsRefused() {
    Map<String, Shape> file = arrays("optimizer/state/0/exp_avg");
    var refused =
        assertThrows(DataException.class, () -> Container.of(Path.of("f.pth"), file, null));
    assertEquals(
        "f.pth has no part that is clearly a model among optimizer; choose another file, or a part that"
            + " is one",
        refused.getMessage());
  }

  /** A file may say so a thousand times. */
  @ParameterizedTest
  @ValueSource(strings = {"model/", "state_dict/", "module.", "_orig_mod."})
  void partsInPartsWithoutEndAreRefused(String part) {
    Path file = Path.of("deep.pth");
    Map<String, Shape> arrays = Map.of(part.repeat(5000) + "w", new Shape(1));
    String message =
        assertThrows(DataException.class, () -> Container.of(file, arrays, null)).getMessage();
    assertTrue(message.contains("deep.pth has more than 10 parts in each other"), message);
  }

  @Test
  void manyPartsTakeTimeInProportionAndAreNotAllNamed() throws Throwable {
    Map<String, Shape> arrays = new LinkedHashMap<>();
    for (int i = 0; i < 200_000; i++) {
      arrays.put("m%d.w".formatted(i), new Shape(1));
    }
    Path file = Path.of("many.pth");
    CpuTime.assertBelow(5, () -> assertEquals(arrays, Container.of(file, arrays, null).shapes()));
    String message =
        assertThrows(DataException.class, () -> Container.of(file, arrays, "none")).getMessage();
    assertTrue(message.endsWith("m100003, ... (200000 in all)"), message);
  }

  private static Map<String, Shape> arrays(String names) {
    Map<String, Shape> arrays = new LinkedHashMap<>();
    Arrays.stream(names.split(" ")).forEach(name -> arrays.put(name, new Shape(1)));
    return arrays;
  }
}
