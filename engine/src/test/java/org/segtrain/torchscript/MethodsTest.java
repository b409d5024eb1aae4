package org.segtrain.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A small program for each method that is exported. */
final class MethodsTest {

  /** Of numbers in (0, 1), {@code B 8 H W}. */
  private static final Map<String, UnaryOperator<NDArray>> PROGRAMS = new LinkedHashMap<>();

  @TempDir Path folder;

  static {
    op("add", x -> x.add(x).add(2).add(1.5f));
    op("sub", x -> x.sub(x.square()).sub(2).sub(0.1));
    op("mul", x -> x.mul(x).mul(3).mul(0.3));
    op("div", x -> x.div(x.add(1)).div(3).div(0.7));
    op(
        "int div",
        x -> x.mul(9).toType(DataType.INT32, false).div(2).toType(DataType.FLOAT32, false));
    op(
        "int add float",
        x -> x.mul(9).toType(DataType.INT32, false).add(0.5).toType(DataType.FLOAT32, false));
    op("mod", x -> x.mod(0.3).add(x.mod(x.add(0.1))));
    op("mod negative", x -> x.neg().mod(0.3));
    op("pow", x -> x.pow(2).add(x.pow(x)));
    op(
        "inplace",
        x -> x.add(0).addi(x).addi(1).subi(x).subi(0.5).muli(x).muli(2).divi(x.add(1)).divi(3));
    op("maximum", x -> x.maximum(0.5).add(x.maximum(x.square().mul(1.5))));
    op("minimum", x -> x.minimum(0.5).add(x.minimum(x.square().mul(1.5))));
    op("clip", x -> x.clip(0.2, 0.7));
    op(
        "compare",
        x -> {
          NDArray s = x.square().mul(1.5);
          NDArray y = x.eq(s).toType(DataType.FLOAT32, true);
          for (NDArray c :
              List.of(
                  x.eq(1),
                  x.neq(s),
                  x.neq(1),
                  x.gt(s),
                  x.gt(0.5),
                  x.gte(s),
                  x.gte(0.5),
                  x.lt(s),
                  x.lt(0.5),
                  x.lte(s),
                  x.lte(0.5))) y = y.mul(1.1).add(c.toType(DataType.FLOAT32, true));
          return y;
        });
    op(
        "logical",
        x ->
            x.gt(0.3)
                .logicalAnd(x.lt(0.6))
                .logicalOr(x.gt(0.9))
                .logicalNot()
                .toType(DataType.FLOAT32, false));
    op("where", x -> NDArrays.where(x.gt(0.5), x, x.neg()));
    op(
        "neg abs sign square sqrt",
        x -> x.sub(0.5).neg().abs().add(x.sub(0.5).sign()).add(x.square()).add(x.sqrt()));
    op("exp log sin cos", x -> x.exp().add(x.add(0.1).log()).add(x.sin()).add(x.cos()));
    op(
        "floor ceil round erf",
        x -> x.mul(5).floor().add(x.mul(7).ceil()).add(x.mul(9).round()).add(x.erf()));
    op("log2", x -> x.add(0.1).log2());
    op("tanh sigmoid", x -> x.tanh().add(ex(x).sigmoid()));
    op(
        "activations",
        x -> {
          NDArray c = x.sub(0.5);
          return ex(c)
              .relu()
              .add(ex(c).gelu())
              .add(ex(c).elu(0.7f))
              .add(ex(c).selu())
              .add(ex(c).leakyRelu(0.1f))
              .add(ex(c).softPlus())
              .add(Activation.swish(c, 1.5f));
        });
    op("mish", x -> Activation.mish(x));
    op("softmax", x -> x.softmax(1).add(x.softmax(-1)).add(x.logSoftmax(1)));
    op("matmul", x -> x.matMul(x.swapAxes(2, 3)));
    op("bmm", x -> x.flatten(0, 1).batchMatMul(x.flatten(0, 1).transpose(0, 2, 1)));
    op(
        "sum mean",
        x ->
            x.sum(new int[] {1, 2}, true)
                .add(x.sum(new int[] {3}, true))
                .add(x.mean(new int[] {1}, true))
                .add(x.sum())
                .add(x.mean())
                .add(x.sum(new int[] {2}).sum()));
    op(
        "max min",
        x ->
            x.max(new int[] {1}, true)
                .add(x.min(new int[] {2}, true))
                .add(x.max())
                .add(x.min())
                .add(x.max(new int[] {1}).mean()));
    op("norm", x -> x.norm(new int[] {1}, true).add(x.norm(2, new int[] {1, 2}, true)));
    op("normalize", x -> x.normalize(2, 1, 1e-6));
    op("argmax", x -> x.argMax(1).add(x.argMin(1)).toType(DataType.FLOAT32, false));
    op("cumsum", x -> x.cumSum(2));
    op(
        "reshape flatten",
        x ->
            x.reshape(x.size(0), -1)
                .add(x.flatten(1, 3))
                .add(x.flatten().reshape(x.size(0), x.size(1) * x.size(2) * x.size(3))));
    op(
        "expand squeeze",
        x -> x.expandDims(1).squeeze(1).add(x.expandDims(0).squeeze(new int[] {0})));
    op("transpose swap", x -> x.transpose(0, 3, 2, 1).swapAxes(1, 3));
    op("transpose()", x -> x.transpose());
    op("broadcast", x -> x.mean(new int[] {2}, true).broadcast(x.getShape()).add(x));
    op("tile repeat flip", x -> x.tile(new long[] {1, 2, 1, 1}).add(x.repeat(1, 2)).flip(2, 3));
    op("tile(n)", x -> x.tile(2));
    op("repeat(n[])", x -> x.repeat(new long[] {1, 2, 1, 1}));
    op("pad", x -> x.pad(new Shape(1, 2, 3, 0), 0.5));
    op(
        "split",
        x ->
            x.split(2, 1)
                .get(1)
                .add(x.split(new long[] {4}, 1).get(0))
                .add(x.split(4, 1).get(0).mean()));
    op("split by size", x -> x.split(new long[] {x.size(2) / 2}, 2).get(1));
    op("duplicate zeros ones", x -> x.duplicate().add(x.zerosLike()).add(x.onesLike()));
    op("gather", x -> x.gather(x.mul(7).toType(DataType.INT64, false), 1));
    op(
        "linear",
        x ->
            ex(x)
                .linear(
                    x.transpose(0, 2, 3, 1), x.getManager().ones(new Shape(4, 8)).mul(0.3), null)
                .head());
    op(
        "linear with bias",
        x ->
            ex(x)
                .linear(
                    x.transpose(0, 2, 3, 1),
                    x.getManager().ones(new Shape(4, 8)).mul(0.3),
                    x.getManager().ones(new Shape(4)))
                .head());
    op(
        "embedding",
        x ->
            ex(x)
                .embedding(
                    x.mul(7).toType(DataType.INT64, false),
                    x.getManager().arange(0, 16, 1, DataType.FLOAT32).reshape(8, 2),
                    SparseFormat.DENSE)
                .head());
    op("dropout", x -> ex(x).dropout(x, 0.5f, false).head());
    op(
        "layerNorm",
        x ->
            ex(x)
                .layerNorm(
                    x.transpose(0, 2, 3, 1),
                    new Shape(8),
                    x.getManager().ones(new Shape(8)),
                    x.getManager().zeros(new Shape(8)),
                    1e-5f)
                .head());
    op(
        "batchNorm",
        x ->
            ex(x)
                .batchNorm(
                    x,
                    x.getManager().ones(new Shape(8)).mul(0.2),
                    x.getManager().ones(new Shape(8)).mul(3),
                    x.getManager().ones(new Shape(8)).mul(0.7),
                    x.getManager().ones(new Shape(8)).mul(0.4),
                    1,
                    0.9f,
                    1e-5f,
                    false)
                .head());
    op(
        "convolution",
        x ->
            ex(x)
                .convolution(
                    x,
                    x.getManager().ones(new Shape(4, 2, 3, 3)).mul(0.1),
                    null,
                    new Shape(2, 1),
                    new Shape(1, 2),
                    new Shape(1, 2),
                    4)
                .head());
    op(
        "maxPool avgPool",
        x ->
            ex(x)
                .maxPool(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false)
                .add(
                    ex(x).avgPool(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false, true)));
    op("globalPool", x -> ex(x).globalAvgPool().add(ex(x).globalMaxPool()));
    op(
        "creation",
        x ->
            x.add(x.getManager().zeros(x.getShape()))
                .add(x.getManager().ones(new Shape(x.size(2), x.size(3))))
                .add(x.getManager().full(new Shape(x.size(3)), 0.3f))
                .add(x.getManager().arange((int) x.size(3)))
                .add(x.getManager().arange(0, (int) x.size(3), 1)));
    op(
        "constant",
        x ->
            x.add(x.getManager().create(2f))
                .add(x.getManager().create(new float[] {1, 2}, new Shape(2, 1, 1, 1)).mean()));
    op("full(int)", x -> x.add(x.getManager().full(new Shape(1), 3)));
    op(
        "concat stack",
        x ->
            x.concat(x.add(1), 1)
                .add(x.stack(x, 1).flatten(1, 2))
                .add(NDArrays.concat(new NDList(x, x), 1)));
    op(
        "index",
        x ->
            x.get(":, 1:5:2, {}:, :3", x.size(2) - 4)
                .add(x.get(0).get("1:3, 0:4, 0:3"))
                .add(x.get(0, 1).get("0:4,0:3")));
    op("item", x -> x.get(x.getManager(), 0, 1));
    op("index ...", x -> x.get("..., 1"));
    op("index new axis", x -> x.get("..., null").mul(x.get("null, ..., 1").mean()));
    op("index last", x -> x.get(":, -1"));
    op("interpolation nearest", x -> ex(x).interpolation(new long[] {x.size(2) + 3, 9}, 0, false));
    op("interpolation bilinear", x -> ex(x).interpolation(new long[] {x.size(2) - 3, 9}, 1, false));
    op("interpolation area", x -> ex(x).interpolation(new long[] {5, 6}, 2, false));
    op("interpolation bicubic", x -> ex(x).interpolation(new long[] {5, 60}, 3, false));
    op("stopGradient", x -> x.stopGradient());
    op(
        "oneHot",
        x ->
            x.mul(5)
                .toType(DataType.INT64, false)
                .oneHot(6)
                .mul(x.mul(5).oneHot(6, DataType.INT64)));
    op("topK", x -> x.topK(2, 1).get(0).add(x.topK(2, 1).get(1)));
    op(
        "large factors",
        x -> {
          NDArray wide = x.get(":, :1").broadcast(x.size(0), 96, x.size(2), x.size(3));
          NDArray flat = wide.reshape(1, x.size(0) * 96, x.size(2), x.size(3));
          return flat.reshape(x.size(0), 96 * x.size(2) * x.size(3));
        });
    op("rsub rdiv", x -> ex(x).rsub(1).add(ex(x.add(1)).rdiv(2)));
  }

  private static void op(String name, UnaryOperator<NDArray> program) {
    PROGRAMS.put(name, program);
  }

  private static NDArrayEx ex(NDArray x) {
    return x.getNDArrayInternal();
  }

  static Set<String> programs() {
    return PROGRAMS.keySet();
  }

  private static LambdaBlock block(UnaryOperator<NDArray> program) {
    return new LambdaBlock(x -> new NDList(program.apply(ex(x.singletonOrThrow()).sigmoid())));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theFileGivesWhatTheMethodsGive(String name) {
    LambdaBlock block = block(PROGRAMS.get(name));
    Report report = TorchScript.of(block, SmallMaps.of(8)).write(folder.resolve("program.pt"));
    assertEquals(0, report.difference(), 2e-6);
  }

  @Test
  void everyMethodThatIsExportedIsTried() {
    Set<String> left = new TreeSet<>(Methods.signatures());
    left.addAll(OddMethods.signatures());
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      manager.getEngine().setRandomSeed(1);
      PROGRAMS.values().forEach(program -> left.removeAll(met(block(program), manager)));
    }
    assertEquals(Set.of(), left);
  }

  private static Set<String> met(LambdaBlock block, NDManager manager) {
    Recorder recorder = new Recorder(manager, new IdentityHashMap<>(), new Place(block));
    NDArray x = recorder.input(manager.randomUniform(0, 1, new Shape(2, 8, 11, 12)));
    block.forward(new ParameterStore(manager, false), new NDList(x), false);
    return recorder.methods();
  }
}
