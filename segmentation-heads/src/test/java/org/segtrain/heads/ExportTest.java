package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.torchscript.export.Report;
import org.segtrain.torchscript.export.Samples;
import org.segtrain.torchscript.export.TorchScript;

final class ExportTest {

  private static final int CLASSES = 5;
  private static final Samples IMAGES =
      Samples.ofImages(Backbone.SHORTEST_SIDE, 1, new Shape(-1, 3, -1, -1));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "pvt_tiny, fpn",
    "shunted_tiny, segformer",
    "mpvit_tiny, fpn",
    "hrvit_b1, segformer",
    "hrformer_tiny, ocr",
    "pvt_tiny, upernet"
  })
  void anExportedModelGivesWhatTheBlocksGiveAtSizesNeverRecorded(String backbone, String head) {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      SegmentationModel model =
          SegmentationModel.of(
              BackboneVariant.of(backbone),
              HeadVariant.of(head),
              CLASSES,
              new Regularization(0.1f, 0.1f));
      model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      Report report = TorchScript.of(model, IMAGES).write(folder.resolve("model.pt"));
      assertEquals(0, report.difference(), 1e-6);
    }
  }
}
