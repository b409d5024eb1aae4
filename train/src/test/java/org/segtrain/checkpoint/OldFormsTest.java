package org.segtrain.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.augment.ImageRules;
import org.segtrain.augment.ImageSize;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.Split;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.loss.LossMean;
import org.segtrain.optim.ParameterGroups.Rule;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.segtrain.train.Training;

/**
 * What version 0.1 wrote is read and gone on with. The files are that version's, header and
 * description byte by byte; in the place of trained weights they hold constants, to be small.
 */
final class OldFormsTest {

  @TempDir Path folder;

  @Test
  void theFlatConfigurationOfARunIsRead() throws IOException {
    TrainConfig config = ConfigFile.ofRun(resource("averaging.json"));
    assertEquals("hrformer_tiny", config.model().backbone());
    assertEquals("ocr", config.model().head());
    assertEquals(0.2f, config.model().dropPath());
    assertEquals("shapes", config.data().dataset());
    assertEquals("", config.data().path());
    assertEquals(ImageSize.square(64), config.data().crop());
    assertEquals(ImageRules.HRFORMER, config.data().images());
    assertEquals(4, config.schedule().stepImages());
    assertEquals(1e-4, config.optimizer().learningRate());
    assertEquals(Double.POSITIVE_INFINITY, config.optimizer().clip());
    assertEquals(List.of(new Rule("^cls_head", 10.0, null)), config.optimizer().groups().rules());
    assertEquals("ohem(probability=0.9,kept=100000)", config.loss().terms());
    assertEquals("ce", config.loss().auxiliary());
    assertEquals(LossMean.VALID, config.loss().mean());
    assertEquals(0, config.loss().labelSmoothing());
    assertEquals(5, config.run().seed());
    assertEquals(Precision.FP32, config.run().precision());
    assertEquals(List.of("^backbone\\.conv1"), config.fineTuning().freeze());
    assertEquals(0.9, config.fineTuning().ema());
    assertEquals(WeightsSource.NONE, config.weights());
  }

  @Test
  void aMeanOverHardPixelsIsTheTermThatItWas() {
    Overlay old = ConfigFile.parse("old", "{\"loss\": {\"mean\": \"hard\"}}");
    assertEquals("ohem(probability=0.9,kept=100000)", old.text("loss.terms").orElseThrow());
    assertEquals("ce", old.text("loss.auxiliary").orElseThrow());
    assertEquals("valid", old.text("loss.mean").orElseThrow());
  }

  @Test
  void itsWeightsAreRead() throws IOException {
    WeightsSource weights = ConfigFile.ofRun(resource("from-weights.json")).weights();
    assertEquals(new WeightsSource("plain/best.safetensors", ""), weights);
  }

  @Test
  void aConfigurationFromBeforeThereWasAChoiceHasWhatThereWas() throws IOException {
    Path file = resource("plain.json");
    String json =
        Files.readString(file)
            .replace("\"images\" : \"aligned\",", "")
            .replace("\"power\" : 0.9,", "")
            .replace("\"lossMean\" : \"valid\",", "")
            .replaceAll("(?s),\\s*\"groups\" : \\{.*?\\}", "")
            .replaceAll("(?s),\\s*\"fineTuning\" : \\{.*?\\}", "")
            .replaceAll("(?s),\\s*\"weights\" : null", "");
    assertTrue(json.length() < Files.size(file) - 200, json);
    TrainConfig whole = ConfigFile.ofRun(file);
    Files.writeString(file, json);
    assertEquals(whole, ConfigFile.ofRun(file));
  }

  @Test
  void theBestWeightsOfARunSegment() throws IOException {
    for (String name : List.of("plain-best", "averaging-best")) {
      try (TrainedModel trained = TrainedModel.load(checkpoint(name), oneThread())) {
        assertEquals(12, trained.classes().size());
        assertEquals(name.startsWith("plain") ? 6 : 3, trained.step());
        Sample scene = new ShapesDataset(64, 1, 1).read(Split.VALIDATION, 0);
        assertEquals(64 * 64, trained.segment(scene.picture()).length);
      }
    }
  }

  /** The numbers are those that version 0.1 logged for the seventh step from the same file. */
  @Test
  void aRunGoesOnAsItWouldHave() throws IOException {
    RunFolder run = new RunFolder(Files.createDirectory(folder.resolve("run")));
    Files.move(resource("averaging.json"), run.config());
    Files.move(checkpoint("averaging-last"), run.last());
    List<StepReport> steps = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void step(StepReport step) {
            steps.add(step);
          }
        };
    Training.builder()
        .setConfig(run.saved().with("schedule.iterations", 7).with("schedule.evalEvery", 100))
        .setDataset(new OneScene(new ShapesDataset()))
        .setFolder(run.dir())
        .optResources(oneThread())
        .optProgress(progress)
        .build()
        .run();
    assertEquals(1, steps.size());
    StepReport step = steps.get(0);
    assertEquals(7, step.step());
    assertEquals(3.4788695954097086, step.loss(), 1e-5);
    assertEquals(0.9939627413562588, step.losses().get(1), 1e-5);
    assertEquals(1.7354486343415247E-5, step.learningRate(), 1e-15);
    assertEquals(0.25832849740982056, step.gradientNorm(), 1e-4);
    assertFrozenAndAveraged(run.last());
  }

  /** The first convolution is frozen; the average began with 0.02, the weights with 0.01. */
  private static void assertFrozenAndAveraged(Path file) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Checkpoint checkpoint = Checkpoint.open(file)) {
      String frozen = "model.backbone.conv1.weight";
      NDArray first = manager.create(new Shape(64, 3, 3, 3));
      checkpoint.load(Map.of(frozen, first));
      assertArrayEquals(new float[] {0.01f, 0.01f}, first.flatten().get("0:2").toFloatArray());
      NDArray bias = manager.create(new Shape(12));
      checkpoint.load(Map.of("average.cls_head.bias", bias));
      double kept = 8.0 / 17; // (1 + step) / (10 + step), which is below 0.9
      assertEquals(0.01 + 0.01 * kept, bias.getFloat(0), 1e-3);
    }
  }

  /** A data set with one validation image, which keeps evaluations short. */
  private record OneScene(Dataset all) implements Dataset {
    @Override
    public String name() {
      return all.name();
    }

    @Override
    public List<String> classes() {
      return all.classes();
    }

    @Override
    public int size(Split split) {
      return split == Split.VALIDATION ? 1 : all.size(split);
    }

    @Override
    public String file(Split split, int index) {
      return all.file(split, index);
    }

    @Override
    public Sample read(Split split, int index) {
      return all.read(split, index);
    }
  }

  private static Resources oneThread() {
    return Resources.start("cpu", 1, 1);
  }

  private Path resource(String name) throws IOException {
    try (InputStream in = OldFormsTest.class.getResourceAsStream("v0.1/" + name)) {
      Path file = folder.resolve(name);
      Files.copy(in, file);
      return file;
    }
  }

  private Path checkpoint(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            OldFormsTest.class.getResourceAsStream("v0.1/%s.safetensors.gz".formatted(name)))) {
      Path file = folder.resolve(name + ".safetensors");
      Files.copy(in, file);
      return file;
    }
  }
}
