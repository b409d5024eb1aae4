package org.segtrain.export;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.djl.MeanIou;
import org.segtrain.djl.SegmentationCrossEntropy;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.ArrayLists.AdamWFactors;
import org.segtrain.engine.ArrayLists.SgdFactors;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.torchscript.LoadedScript;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

/** Calls that take arrays: operations, blocks, losses and metrics. */
@SuppressWarnings("try") // the switch of autograd is there to be closed
final class ArrayCalls {

  private static final Shape IMAGES = new Shape(-1, 3, -1, -1);

  private ArrayCalls() {}

  static List<Call> of(Materials given) {
    List<Call> calls = new ArrayList<>(operations(given));
    calls.addAll(lists(given));
    calls.addAll(blocks(given));
    calls.addAll(adapters(given));
    return calls;
  }

  private static List<Call> operations(Materials given) {
    NDArray x = given.map;
    NDArray weight = given.weight;
    return List.of(
        new Call("Aten.scaled", () -> Aten.scaled(x, 0.5).close()),
        new Call("Aten.attention", () -> Aten.attention(x, x, x).close()),
        new Call("Aten.resizeBilinear", () -> Aten.resizeBilinear(x, 40, 50, false).close()),
        new Call("Aten.dropSamples", () -> Aten.dropSamples(x, 0.1).close()),
        new Call("Aten.toBfloat16", () -> Aten.toBfloat16(x).close()),
        Call.refused(
            "Aten.attention of wrong shapes",
            EngineException.class,
            () -> {
              try (NDArray own = x.duplicate()) {
                Aten.attention(own, weight, weight);
              }
            }),
        new Call(
            "Autograd.gradients",
            () -> {
              try (Autograd on = Autograd.on();
                  NDArray y = Aten.hardswish(weight);
                  NDArray sum = y.sum()) {
                Autograd.gradients(sum, List.of(weight)).forEach(NDArray::close);
              }
            }),
        new Call(
            "Autograd.reached",
            () -> {
              try (Autograd on = Autograd.on();
                  NDArray y = Aten.hardswish(weight);
                  NDArray sum = y.sum()) {
                Autograd.reached(List.of(sum), List.of(), List.of(weight))
                    .forEach(found -> found.ifPresent(NDArray::close));
              }
            }),
        new Call("Autograd.isRecorded", () -> Autograd.isRecorded(weight)));
  }

  private static List<Call> lists(Materials given) {
    NDManager manager = given.manager;
    List<NDArray> weights = List.of(manager.ones(new Shape(64, 64)));
    List<NDArray> others = List.of(manager.ones(new Shape(64, 64)));
    List<NDArray> more = List.of(manager.zeros(new Shape(64, 64)));
    List<NDArray> steps = List.of(manager.zeros(new Shape()));
    AdamWFactors adamW = new AdamWFactors(1e-3, 0.9, 0.999, 0.01, 1e-8);
    SgdFactors sgd = new SgdFactors(1e-3, 0.9, true, 1e-4);
    return List.of(
        new Call("ArrayLists.norm", () -> ArrayLists.norm(weights)),
        new Call("ArrayLists.scale", () -> ArrayLists.scale(others, 0.5)),
        new Call("ArrayLists.copy", () -> ArrayLists.copy(others, weights)),
        new Call("ArrayLists.lerp", () -> ArrayLists.lerp(weights, others, 0.1)),
        new Call(
            "ArrayLists.adamW",
            () -> ArrayLists.adamW(weights, others, more, others, steps, adamW)),
        new Call("ArrayLists.sgd", () -> ArrayLists.sgd(weights, others, more, sgd)));
  }

  private static List<Call> blocks(Materials given) {
    List<Call> calls = new ArrayList<>();
    calls.add(
        new Call(
            "BackboneVariant.build, initialize, forward",
            () -> {
              try (NDManager own = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
                var backbone = BackboneVariant.PVT_TINY.build();
                backbone.initialize(own, DataType.FLOAT32, IMAGES);
                backbone.forward(new ParameterStore(own, false), images(given), false).close();
              }
            }));
    for (HeadVariant head :
        List.of(HeadVariant.FPN, HeadVariant.UPERNET, HeadVariant.SEGFORMER, HeadVariant.OCR)) {
      SegmentationModel model = NarrowModels.of(head, Materials.CLASSES, 1).model();
      ParameterStore store = new ParameterStore(given.manager, false);
      calls.add(
          new Call(
              "SegmentationModel.forward with " + head,
              () -> {
                try (Autograd off = Autograd.off()) {
                  model.forward(store, images(given), false).close();
                }
              }));
      calls.add(
          new Call(
              "SegmentationModel.forward in training with " + head,
              () -> {
                try (Autograd on = Autograd.on()) {
                  model.forward(store, images(given), true).close();
                }
              }));
    }
    calls.add(
        new Call(
            "SegmentationModel.getOutputShapes",
            () -> given.model.getOutputShapes(new Shape[] {given.images.getShape()})));
    Path script = given.folder.resolve("block.pt");
    calls.add(
        new Call(
            "TorchScript.of, write; LoadedScript.of, run",
            () -> {
              Samples samples = Samples.ofImages(32, 1, IMAGES);
              TorchScript.of(given.model.backbone(), samples).write(script);
              try (LoadedScript loaded = LoadedScript.of(script, Device.cpu())) {
                loaded.run(images(given)).close();
              }
            }));
    calls.add(
        Call.refused(
            "LoadedScript.run of wrong inputs",
            EngineException.class,
            () -> {
              try (LoadedScript loaded = LoadedScript.of(script, Device.cpu());
                  NDArray own = given.map.duplicate()) {
                loaded.run(new NDList(own));
              }
            }));
    return calls;
  }

  private static NDList images(Materials given) {
    return new NDList(given.images);
  }

  private static List<Call> adapters(Materials given) {
    NDList labels = new NDList(given.labels);
    NDList scores = new NDList(given.scores);
    MeanIou meanIou = MeanIou.of(given.model, given.classes);
    meanIou.addAccumulator("all");
    SegmentationCrossEntropy loss = SegmentationCrossEntropy.of(given.model);
    return List.of(
        new Call("MeanIou.evaluate", () -> meanIou.evaluate(labels, scores).close()),
        new Call(
            "MeanIou.updateAccumulator", () -> meanIou.updateAccumulator("all", labels, scores)),
        new Call("SegmentationCrossEntropy.evaluate", () -> loss.evaluate(labels, scores).close()),
        Call.refused(
            "SegmentationCrossEntropy.evaluate of wrong labels",
            IllegalArgumentException.class,
            () -> loss.evaluate(new NDList(given.map), scores)));
  }
}
