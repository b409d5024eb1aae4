package org.segtrain.export;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.engine.StateDict;
import org.segtrain.export.ExportSource.Photographs;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.recipes.Settings;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;
import org.segtrain.tensors.TorchWriter;
import org.segtrain.train.Training;

/** What the calls work on: arrays and models that live on, and files. */
final class Materials {

  static final int CLASSES = 5;
  static final int SIDE = 64;
  static final Deployment FORM =
      new Deployment(
          InputForm.UINT8, OutputForm.CLASS_MAP, false, Precision.FP32, Optimization.NONE);

  final Path folder;
  final Resources resources = Resources.start("cpu", 1, 1);
  final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  final NDArray map = manager.ones(new Shape(1, 8, SIDE, SIDE));
  final NDArray images = manager.ones(new Shape(2, 3, SIDE, SIDE));
  final NDArray labels = manager.ones(new Shape(2, SIDE, SIDE), DataType.INT64);
  final NDArray scores = manager.ones(new Shape(2, CLASSES, SIDE / 4, SIDE / 4));
  final NDArray weight = manager.ones(new Shape(SIDE, SIDE, 8));
  final ExportSource source =
      NarrowModels.of(HeadVariant.FPN, CLASSES, 3, Photographs.of(ImageRules.ALIGNED, SIDE));
  final SegmentationModel model = source.model();
  final List<String> classes = source.classes();
  final Dataset scenes = new ShapesDataset(SIDE, 4, 2);
  final Picture picture = scenes.read(Split.VALIDATION, 0).picture();
  final Path safetensors;
  final Path pickled;
  final Path rubbish;
  final Path data;
  final Path run;

  /** Writes the files into {@code folder}. */
  Materials(Path folder) throws IOException {
    this.folder = folder;
    weight.setRequiresGradient(true);
    safetensors = folder.resolve("narrow.safetensors");
    SafeTensorsWriter.write(safetensors, Map.of("format", "pt"), state(), ElementType.F32);
    pickled = folder.resolve("narrow.pth");
    TorchWriter.write(pickled, state(), ElementType.F32);
    rubbish = Files.write(folder.resolve("rubbish.pt"), new byte[4096]);
    data = images(Files.createDirectories(folder.resolve("data")));
    run = folder.resolve("run");
    Training.builder()
        .setConfig(config())
        .setDataset(scenes)
        .setFolder(run)
        .optModel(ofScenes())
        .optResources(resources)
        .build()
        .run();
  }

  /** A run of one step, in which the weights are averaged. */
  static TrainConfig config() {
    return Settings.ofOwnModel("narrow", DatasetVariant.SHAPES)
        .with("data.crop", SIDE)
        .with("schedule.iterations", 1)
        .with("schedule.batch", 2)
        .with("run.precision", "fp32")
        .with("fineTuning.ema", 0.9)
        .config();
  }

  /** A new model for {@link #scenes}. */
  SegmentationModel ofScenes() {
    return NarrowModels.block(HeadVariant.FPN, scenes.classes().size());
  }

  /** The weights of {@link #model} by name. */
  Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : StateDict.of(model).entrySet()) {
      state.put(entry.getKey(), entry.getValue().getArray());
    }
    return state;
  }

  /** Scenes as a folder of images and masks. */
  private Path images(Path dir) throws IOException {
    Files.write(dir.resolve("classes.txt"), scenes.classes());
    for (Split split : List.of(Split.TRAINING, Split.VALIDATION)) {
      Path images = Files.createDirectories(dir.resolve("images").resolve(split.toString()));
      Path masks = Files.createDirectories(dir.resolve("annotations").resolve(split.toString()));
      Palette palette = Palette.of(scenes.classes().size());
      for (int i = 0; i < scenes.size(split); i++) {
        Sample scene = scenes.read(split, i);
        ImageFiles.writeRgb(images.resolve(i + ".png"), scene.picture());
        ImageFiles.writeMask(
            masks.resolve(i + ".png"), scene.width(), scene.height(), scene.labels(), palette);
      }
    }
    return dir;
  }
}
