package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.LambdaBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Legend;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.Segmenter;

final class PredictionSheetTest {

  @TempDir private Path dir;

  /** Between lines of words, if Java finds a font: that of the name, of the columns, of classes. */
  @Test
  void photographLabelsAndPredictionStandBesideOneAnother() throws IOException {
    TrainConfig config = TinyRuns.config("{\"images\": \"exact\", \"crop\": 64}");
    Sample sample = TinyData.STANDARD.read(Split.VALIDATION, 0);
    RunFolder run = new RunFolder(dir);
    Files.createDirectories(run.predictions());
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Segmenter segmenter =
            new Segmenter(manager, Network.of(new LambdaBlock(images -> images)), config)) {
      assertEquals(1, PredictionSheet.write(run, config, TinyData.STANDARD, segmenter, 1));
    }
    Picture sheet = ImageFiles.readRgb(run.picture(0));
    int line = 20;
    int top = Legend.hasWords() ? 2 * line : 0;
    assertEquals(Legend.hasWords() ? 320 : 3 * sample.width(), sheet.width());
    assertTrue(sheet.height() >= top + sample.height() + (top > 0 ? line : 0));
    byte[] photograph = sheet.part(0, top, sample.width(), sample.height()).rgb();
    assertTrue(Arrays.equals(sample.rgb(), photograph), "the photograph is as it was");
  }
}
