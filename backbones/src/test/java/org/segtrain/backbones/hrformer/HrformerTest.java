package org.segtrain.backbones.hrformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.segtrain.backbones.Backbone;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;

class HrformerTest {

  private static final Shape IMAGE = new Shape(2, 3, 70, 101);
  private static final String TABLE =
      "stage4.1.branches.0.1.attn.attn.relative_position_bias_table";

  @Test
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void windowsOfAnotherSideOnlyChangeTheTables() {
    try (NDManager manager = NDManager.newBaseManager();
        Autograd on = Autograd.on()) {
      Backbone published = HrformerConfig.TINY.build(0);
      Backbone wide = HrformerConfig.TINY.withWindow(13).build(0);
      published.initialize(manager, DataType.FLOAT32, IMAGE);
      wide.initialize(manager, DataType.FLOAT32, IMAGE);
      Map<String, String> expected = shapes(published);
      expected.replaceAll((name, shape) -> shapeInWideWindows(name, shape));
      assertEquals(expected, shapes(wide));

      NDList maps =
          wide.forward(
              new ParameterStore(manager, false), new NDList(manager.randomNormal(IMAGE)), true);
      assertArrayEquals(wide.getOutputShapes(new Shape[] {IMAGE}), maps.getShapes());
      List<NDArray> seeds = new ArrayList<>();
      maps.forEach(map -> seeds.add(manager.randomNormal(map.getShape())));
      NDArray table = StateDict.of(wide).get(TABLE).getArray();
      NDArray gradient = Autograd.gradients(maps, seeds, List.of(table)).get(0); // 25·25 h
      assertTrue(gradient.abs().min().getFloat() > 0, "each relative position occurs");
    }
  }

  private static String shapeInWideWindows(String name, String shape) {
    if (name.endsWith("relative_position_bias_table")) {
      return shape.replace("(169,", "(625,"); // (2·7-1)², (2·13-1)²
    }
    return name.endsWith("relative_position_index") ? "(169, 169)" : shape;
  }

  private static Map<String, String> shapes(Backbone backbone) {
    Map<String, String> shapes = new TreeMap<>();
    StateDict.of(backbone).forEach((name, one) -> shapes.put(name, one.getShape().toString()));
    return shapes;
  }

  @Test
  void aStageWithoutABranchIsRefused() {
    List<HrformerConfig.Branch> branches = HrformerConfig.TINY.branches().subList(0, 3);
    var thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> new HrformerConfig(branches, List.of(1, 3, 2), 2, 4, 7));
    assertTrue(thrown.getMessage().endsWith("3 branches and 3 stages"), thrown.getMessage());
  }

  @Test
  void headsThatDoNotDivideTheChannelsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new HrformerConfig.Branch(18, 4));
  }
}
