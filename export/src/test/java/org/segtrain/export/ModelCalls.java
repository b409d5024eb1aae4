package org.segtrain.export;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Split;
import org.segtrain.djl.DjlDataset;
import org.segtrain.djl.MeanIou;
import org.segtrain.djl.SegmentationCrossEntropy;
import org.segtrain.djl.SegmentationDataset;
import org.segtrain.djl.SegmentationPredictor;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.TrainedModel;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.ModelExplanation;
import org.segtrain.measure.internal.NewModel;
import org.segtrain.serving.SegmentationTranslatorFactory;
import org.segtrain.train.Training;

/** Calls that train, use and export models. */
final class ModelCalls {

  private static final Overlay NOTHING = Overlay.of("test");

  private ModelCalls() {}

  static List<Call> of(Materials given) throws IOException {
    List<Call> calls = new ArrayList<>(training(given));
    calls.addAll(adapters(given));
    calls.addAll(use(given));
    for (ExportFormat format : ExportFormat.values()) {
      calls.addAll(exports(given, format));
    }
    return calls;
  }

  private static List<Call> training(Materials given) {
    TrainConfig config = Materials.config();
    Path run = given.folder.resolve("narrow");
    return List.of(
        new Call(
            "Training.run, and resumed",
            () -> {
              train(given, config, run);
              train(given, config.with("schedule.iterations", 2), run);
              delete(run);
            }),
        new Call(
            "Training.run with layers computed again",
            () -> {
              train(given, config.with("run.recompute", true), run);
              delete(run);
            }),
        new Call(
            "Benchmark.run, multiplyAdds",
            () -> {
              ImageSize size = ImageSize.square(64);
              NewModel model = new NewModel(BackboneVariant.PVT_TINY, Optional.empty(), 1);
              new Benchmark(size, 1, Benchmark.Mode.TRAINING, Precision.FP32, 0, 1)
                  .run(model, given.resources);
              model.multiplyAdds(size);
            }),
        new Call(
            "ModelExplanation.of",
            () ->
                ModelExplanation.of(
                    new NewModel(BackboneVariant.PVT_TINY, Optional.empty(), 1),
                    ImageSize.square(64))));
  }

  private static void train(Materials given, TrainConfig config, Path run) {
    Training.builder()
        .setConfig(config)
        .setDataset(given.scenes)
        .setFolder(run)
        .optModel(given.ofScenes())
        .optResources(given.resources)
        .build()
        .run();
  }

  private static List<Call> adapters(Materials given) throws IOException {
    SegmentationDataset records =
        SegmentationDataset.builder()
            .setData(given.scenes, Split.TRAINING)
            .setSampling(2, false)
            .build();
    ArrayDataset arrays =
        new ArrayDataset.Builder()
            .setData(given.images)
            .optLabels(given.labels)
            .setSampling(1, false)
            .build();
    DjlDataset dataset = DjlDataset.of("arrays", given.classes, arrays, arrays);
    return List.of(
        new Call(
            "SegmentationDataset.get",
            () -> {
              Record record = records.get(given.manager, 0);
              record.getData().close();
              record.getLabels().close();
            }),
        new Call("DjlDataset.read", () -> dataset.read(Split.TRAINING, 0)),
        new Call("DJL's Trainer", () -> trainWithDjl(given, records)));
  }

  /** By plain descent: DJL's Adam never frees its moments. */
  private static void trainWithDjl(Materials given, SegmentationDataset records) throws Exception {
    SegmentationModel model = given.ofScenes();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(SegmentationCrossEntropy.of(model))
            .addEvaluator(MeanIou.of(model, given.scenes.classes()))
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build());
    try (Model shell = Model.newInstance("narrow", Device.cpu(), "PyTorch")) {
      shell.setBlock(model);
      try (Trainer trainer = shell.newTrainer(config)) {
        trainer.initialize(new Shape(1, 3, Materials.SIDE, Materials.SIDE));
        EasyTrain.fit(trainer, 1, records, null);
      }
    }
  }

  private static List<Call> use(Materials given) throws IOException {
    TrainedModel trained = load(given, given.run);
    SegmentationPredictor predictor = SegmentationPredictor.of(trained);
    Image photograph =
        ImageFactory.getInstance().fromFile(given.data.resolve("images/validation/0.png"));
    Path broken = given.folder.resolve("broken.safetensors");
    Files.copy(given.run.resolve("best.safetensors"), broken);
    Files.write(broken, new byte[1], StandardOpenOption.APPEND);
    return List.of(
        new Call("TrainedModel.load, close", () -> load(given, given.run).close()),
        Call.refused(
            "TrainedModel.load of a broken file", DataException.class, () -> load(given, broken)),
        new Call("TrainedModel.segment", () -> trained.segment(given.picture)),
        new Call("TrainedModel.evaluate", () -> trained.evaluate(given.scenes, Split.VALIDATION)),
        new Call(
            "SegmentationPredictor.of, close", () -> SegmentationPredictor.of(trained).close()),
        new Call("SegmentationPredictor.predict", () -> predictor.predict(photograph)),
        new Call(
            "SegmentationPredictor.batchPredict",
            () -> predictor.batchPredict(List.of(photograph, photograph))));
  }

  private static TrainedModel load(Materials given, Path run) {
    return TrainedModel.load(run, given.ofScenes(), given.resources);
  }

  private static List<Call> exports(Materials given, ExportFormat format) throws IOException {
    String name =
        switch (format) {
          case TORCHSCRIPT -> "model.pt";
          case ONNX -> "model.onnx";
          case DJL -> "served";
        };
    Path out = given.folder.resolve(name);
    Call.Action write =
        () ->
            format.write(
                given.source,
                Materials.FORM,
                ModelCard.of(given.source, Materials.FORM, "1.0"),
                out);
    List<Call> calls = new ArrayList<>();
    calls.add(new Call("ExportFormat.write of " + format, write));
    calls.add(
        new Call(
            "ExportedModel.load, segment, close of " + format,
            () -> {
              try (ExportedModel loaded = ExportedModel.load(out, given.resources, NOTHING)) {
                loaded.segment(given.picture);
              }
            }));
    if (format == ExportFormat.DJL) {
      Image photograph =
          ImageFactory.getInstance().fromFile(given.data.resolve("images/validation/0.png"));
      calls.add(new Call("DJL's Predictor", () -> serve(out, photograph)));
    } else if (format == ExportFormat.TORCHSCRIPT) {
      calls.add(
          Call.refused(
              "ExportedModel.load of rubbish",
              DataException.class,
              () -> ExportedModel.load(given.rubbish, given.resources, NOTHING)));
      calls.add(
          new Call(
              "ExportSource.fresh, close",
              () -> ExportSource.fresh(BackboneVariant.PVT_TINY, HeadVariant.FPN, 5, 1).close()));
    }
    return calls;
  }

  private static void serve(Path folder, Image photograph) throws Exception {
    Criteria<Image, CategoryMask> criteria =
        Criteria.builder()
            .setTypes(Image.class, CategoryMask.class)
            .optModelPath(folder)
            .optTranslatorFactory(new SegmentationTranslatorFactory())
            .build();
    try (ZooModel<Image, CategoryMask> model = criteria.loadModel();
        Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
      predictor.predict(photograph);
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
