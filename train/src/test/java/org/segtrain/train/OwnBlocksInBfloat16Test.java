package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.Aten;
import org.segtrain.engine.StateDict;
import org.segtrain.inference.internal.Network;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.optim.internal.AdamW;

/** Blocks that programs bring use their parameters in other ways than ours. */
final class OwnBlocksInBfloat16Test {

  /** How the block comes to its scores. */
  private enum Use {
    /** Two parameters, of which one has no effect. */
    ONE_UNUSED,
    /** Two parameters of one array. */
    SHARED_ARRAY,
    /** A parameter's own array, past the parameter store. */
    PAST_THE_STORE,
    /** A scale alone, which is not rounded. */
    NOTHING_TO_ROUND
  }

  private static final Shape SHAPE = new Shape(1, 3, 1, 1);

  private static final class Colours extends AbstractBlock {
    private final Use use;
    private final Parameter first;
    private final Parameter second;

    Colours(Use use) {
      this.use = use;
      Parameter.Type type =
          use == Use.NOTHING_TO_ROUND ? Parameter.Type.GAMMA : Parameter.Type.WEIGHT;
      this.first = parameter("first", type);
      this.second = use == Use.NOTHING_TO_ROUND ? first : parameter("second", type);
    }

    private Parameter parameter(String name, Parameter.Type type) {
      Parameter.Builder builder =
          Parameter.builder()
              .setName(name)
              .setType(type)
              .optInitializer((manager, shape, own) -> manager.ones(shape));
      boolean getsArray = use == Use.SHARED_ARRAY && name.equals("second");
      return addParameter((getsArray ? builder : builder.optShape(SHAPE)).build());
    }

    void initialize(NDManager manager) {
      if (use == Use.SHARED_ARRAY) {
        first.initialize(manager, DataType.FLOAT32);
        second.setArray(first.getArray());
      }
      initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> more) {
      NDArray x = inputs.head();
      NDArray one =
          use == Use.PAST_THE_STORE
              ? first.getArray()
              : store.getValue(first, x.getDevice(), training);
      NDArray scores = x.mul(one);
      if (use == Use.SHARED_ARRAY) {
        scores = scores.add(x.mul(store.getValue(second, x.getDevice(), training)));
      }
      return new NDList(Aten.toFloat32(scores));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }

  @ParameterizedTest
  @EnumSource(Use.class)
  void theGradientIsThatOfFloat32(Use use) {
    TrainConfig config = TinyRuns.config("{\"dropPath\": 0, \"dropout\": 0}");
    double exact = norm(use, config);
    assertTrue(exact > 0.01);
    assertEquals(exact, norm(use, config.with("run.precision", "bf16")), 0.01 * exact);
  }

  private static double norm(Use use, TrainConfig config) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Engine.getEngine("PyTorch").setRandomSeed(1);
      Colours block = new Colours(use);
      block.initialize(manager);
      AdamW optimizer = new AdamW(manager, StateDict.of(block), config.optimizer().groups(), 0);
      Batch batch = TinyData.batch(32, 1, 2);
      TrainingStep step =
          new TrainingStep(
              manager,
              config,
              Network.of(block),
              optimizer,
              ClassWeights.equal(3),
              TinyRuns.passes(1));
      step.make(manager, List.of(batch), 0, 1e-3);
      return step.make(manager, List.of(batch), 1, 1e-3).gradientNorm();
    }
  }
}
