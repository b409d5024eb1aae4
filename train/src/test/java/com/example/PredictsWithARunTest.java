package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.recipes.Settings;
import org.segtrain.train.Training;

final class PredictsWithARunTest {

  @TempDir static Path folder;

  private static final ShapesDataset SCENES = new ShapesDataset(64, 4, 2);

  @BeforeAll
  static void train() {
    TrainConfig config =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.SHAPES)
            .with("schedule.iterations", 2)
            .with("schedule.batch", 2)
            .with("data.crop", 64)
            .config();
    Training.builder().setConfig(config).setDataset(SCENES).setFolder(folder).build().run();
  }

  @Test
  void theMaskHasTheClassesThatTheRunGives() throws TranslateException {
    Picture scene = SCENES.read(Split.VALIDATION, 0).picture();
    CategoryMask mask = PredictsWithARun.predict(folder, image(scene));
    assertEquals(SCENES.classes(), mask.getClasses());
    try (TrainedModel trained = TrainedModel.load(folder, Resources.usual(2))) {
      byte[] classes = trained.segment(scene);
      for (int i = 0; i < classes.length; i++) {
        assertEquals(classes[i], mask.getMask()[i / 64][i % 64]);
      }
    }
  }

  @Test
  void aModelOfTheUserGetsTheWeightsOfTheRun() {
    String weight = "decode_head.conv_seg.weight";
    try (NDManager manager = NDManager.newBaseManager();
        TrainedModel trained = TrainedModel.load(folder, Resources.usual(2))) {
      SegmentationModel model = PredictsWithARun.load(manager, folder.resolve("best.safetensors"));
      assertArrayEquals(
          StateDict.of(trained.model()).get(weight).getArray().toFloatArray(),
          StateDict.of(model).get(weight).getArray().toFloatArray());
    }
  }

  private static Image image(Picture scene) {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    byte[] rgb = scene.rgb();
    for (int i = 0; i < 64 * 64; i++) {
      int colour =
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
      image.setRGB(i % 64, i / 64, colour);
    }
    return ImageFactory.getInstance().fromImage(image);
  }
}
