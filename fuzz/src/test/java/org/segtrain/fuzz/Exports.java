package org.segtrain.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.errors.DataException;
import org.segtrain.export.Deployment;
import org.segtrain.export.ExportSource;
import org.segtrain.export.ExportSource.Photographs;
import org.segtrain.export.ExportedModel;
import org.segtrain.export.InputForm;
import org.segtrain.export.ModelCard;
import org.segtrain.export.Optimization;
import org.segtrain.export.OutputForm;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.onnx.Onnx;
import org.segtrain.serving.SegmentationServingTranslator;
import org.segtrain.torchscript.Recordings;
import org.segtrain.torchscript.Samples;
import org.segtrain.torchscript.TorchScript;

/** Exported files of a convolution, which is a model of two classes, and how they are opened. */
final class Exports {

  private static final Samples IMAGES = Samples.ofImages(32, 4, new Shape(-1, 3, -1, -1));
  private static final String BARE = "bare.onnx";

  private Exports() {}

  private static String card(ImageRules rules, InputForm input, OutputForm output) {
    SegmentationModel model = // not initialised
        SegmentationModel.builder()
            .setBackbone(BackboneVariant.PVT_TINY)
            .setHead(HeadVariant.FPN)
            .setClasses(2)
            .build();
    ExportSource source =
        new ExportSource(
            () -> {},
            model,
            "pvt_tiny",
            "fpn",
            List.of("left", "right"),
            Photographs.of(rules, 64),
            "trained",
            10);
    Deployment form = new Deployment(input, output, false, Precision.FP32, Optimization.NONE);
    return ModelCard.of(source, form, "1.0").json();
  }

  private static String card() {
    return card(ImageRules.EXACT, InputForm.FLOAT, OutputForm.LOGITS);
  }

  private static List<byte[]> written(Path file, Consumer<Block> write) throws IOException {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      Block block =
          Conv2d.builder()
              .setFilters(2)
              .setKernelShape(new Shape(4, 4))
              .optStride(new Shape(4, 4))
              .build();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      write.accept(block);
    }
    return List.of(Files.readAllBytes(file));
  }

  static List<byte[]> scripts(Path folder) throws IOException {
    Path file = folder.resolve("model.pt");
    return written(
        file, block -> TorchScript.of(block, IMAGES).withFile(ModelCard.NAME, card()).write(file));
  }

  static List<byte[]> onnx(Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    return written(file, block -> write(block, file, Map.of(ModelCard.NAME, card())));
  }

  private static void write(Block block, Path file, Map<String, String> texts) {
    Onnx.of(Recordings.of(block, IMAGES))
        .input("image", "batch", "3", "height", "width")
        .output("logits", "batch", "2", "height/4", "width/4")
        .metadata(texts)
        .write(file);
  }

  static List<byte[]> cards(Path folder) throws IOException {
    Path file = folder.resolve(BARE);
    written(file, block -> write(block, file, Map.of()));
    return List.of(
        card().getBytes(UTF_8),
        card(ImageRules.HRFORMER, InputForm.FLOAT, OutputForm.LOGITS).getBytes(UTF_8),
        card(ImageRules.EXACT, InputForm.UINT8, OutputForm.CLASS_MAP).getBytes(UTF_8));
  }

  static List<byte[]> properties(Path unused) {
    return List.of(
        """
        engine=PyTorch
        translatorFactory=org.segtrain.serving.SegmentationTranslatorFactory
        shortEdge=512
        maxEdge=2048
        minEdge=0
        multiple=32
        padded=true
        batchifier=none
        alignCorners=false
        maxPixels=1000000
        palette=800000,008000
        """
            .getBytes(UTF_8));
  }

  /** As DJL does, whose words the library passes on. */
  static void serve(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file, ISO_8859_1)) {
      properties.load(in);
      Map<String, String> arguments = new HashMap<>();
      properties.stringPropertyNames().forEach(n -> arguments.put(n, properties.getProperty(n)));
      new SegmentationServingTranslator().setArguments(arguments);
    } catch (IllegalArgumentException e) {
      throw new DataException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  static void open(Path file) {
    ExportedModel.load(file, new Resources(Device.cpu(), 1, 1), Overlay.of("fuzz")).close();
  }

  static void openBeside(Path card) {
    open(card.resolveSibling(BARE));
  }
}
