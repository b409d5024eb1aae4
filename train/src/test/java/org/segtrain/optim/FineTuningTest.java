package org.segtrain.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Picture;
import org.segtrain.inference.TrainedModel;
import org.segtrain.tensors.TensorFile;
import org.segtrain.train.Progress;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

/** Runs that start from the weights of others. */
final class FineTuningTest {

  private static final String ONE_STEP =
      "\"iterations\": 1, \"accumulate\": 1, \"evalEvery\": 1, \"crop\": 64, \"photometric\": false";
  private static final String STANDING_STILL = "\"learningRate\": 1e-12, \"weightDecay\": 0";

  @TempDir static Path folder;

  private static RunFolder first;

  @BeforeAll
  static void trainOnThreeClasses() {
    TrainConfig config = TinyRuns.config("{%s}".formatted(ONE_STEP));
    first = TinyRuns.run(config, TinyData.STANDARD, 1, folder.resolve("first"));
  }

  @Test
  void theModelStartsWithThemButForTheClassifierOfOtherClasses() throws IOException {
    TrainConfig config = standingStill();
    RunFolder run = new RunFolder(folder.resolve("second"));
    TinyData fourClasses = TinyData.STANDARD.withClasses("low", "high", "middle", "far");
    StringWriter said = new StringWriter();
    Progress messages =
        new Progress() {
          @Override
          public void message(String line) {
            said.append(line).append('\n');
          }
        };
    TinyRuns.training(config, fourClasses, 1, run.dir(), messages).run();

    assertTrue(said.toString().contains("weights from %s, its part model".formatted(first.best())));
    assertTrue(
        said.toString()
            .contains(
                "new, since the file has another number of classes or logits: decode_head.conv_seg.weight,"
                    + " decode_head.conv_seg.bias"),
        said.toString());
    assertEquals(config, run.saved());
    for (String name :
        List.of("model.backbone.pos_embed1", "model.decode_head.scale_heads.0.0.conv.weight")) {
      assertSame(name, first.best(), run.last());
    }
  }

  @Tag("slow")
  @Test
  void aRunThatGoesOnDoesNotStartFromThemAgain() throws IOException {
    Path gone = folder.resolve("gone.safetensors");
    Files.copy(first.best(), gone);
    TrainConfig config =
        standingStill().with(new WeightsSource(gone.toString(), "").overlay("test"));
    RunFolder run = TinyRuns.run(config, TinyData.STANDARD, 1, folder.resolve("third"));
    Files.delete(gone);
    TrainConfig longer = config.with(Overlay.of("test").with("schedule.iterations", 2));
    TinyRuns.run(longer, TinyData.STANDARD, 1, run.dir());
    try (TrainedModel last = TrainedModel.load(run.last(), TinyRuns.oneThread(1))) {
      assertEquals(2, last.step());
    }
  }

  @Test
  void weightsAndTheirModelSegmentAsTheCheckpointDoes() {
    Picture picture = TinyData.picture("a", 70, 45, 1).picture();
    TrainConfig config = TinyRuns.config("{%s}".formatted(ONE_STEP));
    WeightsSource weights = new WeightsSource(first.best().toString(), "");
    try (TrainedModel checkpoint = TrainedModel.load(first.best(), TinyRuns.oneThread(1));
        TrainedModel model =
            TrainedModel.of(weights, config, TinyData.STANDARD.classes(), TinyRuns.oneThread(1))) {
      assertArrayEquals(checkpoint.segment(picture), model.segment(picture));
      assertEquals(weights, model.config().weights());
    }
  }

  private static TrainConfig standingStill() {
    return TinyRuns.config("{%s, %s}".formatted(ONE_STEP, STANDING_STILL))
        .with(new WeightsSource(first.best().toString(), "").overlay("test"));
  }

  private static void assertSame(String name, Path expected, Path actual) {
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile one = TensorFile.open(expected);
        TensorFile two = TensorFile.open(actual)) {
      NDArray array = one.read(manager, name);
      assertTrue(array.allClose(two.read(manager, name), 1e-5, 1e-7, false), name);
    }
  }
}
