package org.segtrain.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;

/** Names of a model, one of whose blocks has two owners. */
class StateDictTest {

  private final Model model = new Model();

  @Test
  void aSharedBlockHasTheNamesOfItsOwner() {
    assertEquals(
        Set.of(
            "path.shared.proj.weight",
            "path.shared.proj.bias",
            "path.layers.0.norm.weight",
            "path.layers.0.norm.bias",
            "path.layers.1.norm.weight",
            "path.layers.1.norm.bias"),
        StateDict.of(model).keySet());
  }

  @Test
  void itsOtherNamesLeadToThoseOfItsOwner() {
    assertEquals(
        Map.of(
            "path.layers.0.own.proj.weight", "path.shared.proj.weight",
            "path.layers.0.own.proj.bias", "path.shared.proj.bias",
            "path.layers.1.own.proj.weight", "path.shared.proj.weight",
            "path.layers.1.own.proj.bias", "path.shared.proj.bias"),
        StateDict.repeats(model));
  }

  @Test
  @SuppressWarnings("try") // the switch of autograd is not spoken to
  void itsGradientIsThatOfAllItsUses() {
    try (NDManager manager = NDManager.newBaseManager();
        Autograd on = Autograd.on()) {
      model.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 1, 2));
      NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 1, 1, 2));
      NDArray y =
          model.forward(new ParameterStore(manager, false), new NDList(x), true).singletonOrThrow();
      NDArray bias = StateDict.of(model).get("path.shared.proj.bias").getArray();
      NDArray gradient = Autograd.gradients(y.sum(), List.of(bias)).get(0);
      assertEquals(manager.create(new float[] {2, 2}), gradient); // one for each layer
    }
  }

  private static final class Model extends UnaryBlock {
    private final Path path = child("path", new Path());

    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      return pass.through(path, x);
    }
  }

  private static final class Path extends UnaryBlock {
    private final Shared shared = child("shared", new Shared());
    private final Layer first = child("layers.0", new Layer(shared));
    private final Layer second = child("layers.1", new Layer(shared));

    Path() {
      repeat("layers.0.own", shared);
      repeat("layers.1.own", shared);
    }

    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      return pass.through(second, pass.through(first, x));
    }
  }

  /** Adds what a block of its owner makes of the normalised input. */
  private static final class Layer extends UnaryBlock {
    private final LayerNorm norm = layerNorm("norm", 2, 1e-5f);
    private final Shared shared;

    Layer(Shared shared) {
      this.shared = shared;
    }

    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      return x.add(pass.through(shared, pass.through(norm, x).stopGradient()));
    }
  }

  private static final class Shared extends UnaryBlock {
    private final Linear proj = linear("proj", 2, 2);

    @Override
    protected NDArray forward(Pass pass, NDArray x) {
      return pass.through(proj, x);
    }
  }
}
