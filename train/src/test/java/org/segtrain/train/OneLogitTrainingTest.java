package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.internal.Inputs;
import org.segtrain.inference.internal.Network;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.loss.internal.Criterion;
import org.segtrain.optim.internal.AdamW;

/** Training with one logit is training with PyTorch's {@code binary_cross_entropy_with_logits}. */
final class OneLogitTrainingTest {

  private static final TrainConfig CONFIG =
      TinyRuns.config(
          "{\"model\": {\"oneLogit\": true, \"dropPath\": 0, \"dropout\": 0}, \"clip\": \"Infinity\"}");
  private static final int SIDE = CONFIG.data().crop().height();

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @BeforeEach
  void seed() {
    manager.getEngine().setRandomSeed(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** The pictures of {@link TinyData} with two classes; what is of the third is void. */
  private record Binary() implements Dataset {
    @Override
    public String name() {
      return "binary";
    }

    @Override
    public List<String> classes() {
      return List.of("sky", "tree");
    }

    @Override
    public int size(Split split) {
      return TinyData.STANDARD.size(split);
    }

    @Override
    public String file(Split split, int index) {
      return TinyData.STANDARD.file(split, index);
    }

    @Override
    public Sample read(Split split, int index) {
      Sample read = TinyData.STANDARD.read(split, index);
      return new Sample(
          read.name(), read.width(), read.height(), read.rgb(), binary(read.labels()));
    }
  }

  private static byte[] binary(byte[] labels) {
    byte[] binary = labels.clone();
    for (int i = 0; i < binary.length; i++) {
      binary[i] = binary[i] == 2 ? (byte) Sample.VOID : binary[i];
    }
    return binary;
  }

  private static Batch batch() {
    Batch batch = TinyData.batch(SIDE, 1, 2);
    return new Batch(2, SIDE, SIDE, batch.images(), binary(batch.labels()), batch.files());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.1, 0", "0, 0.5"})
  void theLossIsBinaryCrossEntropyWithAnySmoothingAndWeights(double smoothing, double balance) {
    theLossIsBinaryCrossEntropy(
        CONFIG.with("loss.labelSmoothing", smoothing).with("loss.classBalance", balance));
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FPN")
  void theLossOfEveryHeadIsBinaryCrossEntropy(HeadVariant head) {
    theLossIsBinaryCrossEntropy(CONFIG.with("model.head", head.toString()));
  }

  private void theLossIsBinaryCrossEntropy(TrainConfig config) {
    ClassWeights classWeights = ClassWeights.of(new Binary(), config.loss().classBalance());
    float[] weights = classWeights.array(manager).toFloatArray();
    Batch batch = batch();
    SegmentationModel model = TinyRuns.build(config, 2, manager);
    Inputs inputs = new Inputs(config.run().precision(), config.data().images());
    NDArray labels = inputs.labels(manager, batch);
    NDList images = new NDList(inputs.images(manager, batch));
    NDList scores = model.forward(new ParameterStore(manager, false), images, true);
    List<BinaryCrossEntropy> wanted =
        scores.stream()
            .map(
                one ->
                    BinaryCrossEntropy.of(
                        one.get(":, 1"),
                        batch,
                        weights,
                        config.loss().labelSmoothing(),
                        model.alignCorners()))
            .toList();

    Criterion criterion = config.loss().last(classWeights.array(manager), model.alignCorners());
    for (int i = 0; i < scores.size(); i++) {
      var weight = new Criterion.Weight(1, 1 / wanted.get(i).total(), 1);
      NDArray gradient = gradient(criterion, scores.get(i), labels, weight).get(":, 1");
      float[] found = gradient.toFloatArray();
      assertEquals(wanted.get(i).gradient().size(), found.length);
      for (int at = 0; at < found.length; at++) {
        assertEquals(wanted.get(i).gradient().get(at), found[at], 1e-7);
      }
    }

    AdamW optimizer = new AdamW(manager, StateDict.of(model), config.optimizer().groups(), 0);
    TrainingStep.Result result =
        new TrainingStep(
                manager, config, Network.of(model), optimizer, classWeights, TinyRuns.passes(1))
            .make(manager, List.of(batch), 0, 1e-4);
    for (int i = 0; i < scores.size(); i++) {
      double loss = model.lossWeights().get(i) * wanted.get(i).loss();
      assertTrue(loss > 0.1, () -> "" + loss);
      assertEquals(loss, result.losses().get(i), 1e-6);
    }
    // the bias adds to every logit
    NDArray mean = optimizer.moments().get("mean." + bias(config.model().headVariant())); // of 1
    double sum = wanted.get(0).gradient().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(1, mean.size());
    assertEquals(0.1 * sum, mean.getFloat(), 1e-6);
  }

  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private static NDArray gradient(
      Criterion criterion, NDArray scores, NDArray labels, Criterion.Weight weight) {
    try (Autograd on = Autograd.on()) {
      return criterion.of(scores, labels, weight).gradient();
    }
  }

  private static String bias(HeadVariant head) {
    return switch (head) {
      case OCR -> "cls_head.bias";
      case OCR_MMSEG -> "decode_head.1.conv_seg.bias";
      default -> "decode_head.conv_seg.bias";
    };
  }

  /** Either class alone has a mean IoU of less than a half. */
  @Tag("slow")
  @Test
  void aRunResumesToTheSameBitsAndLearns() throws IOException {
    TrainConfig config =
        TinyRuns.config(
            """
            {"model": {"oneLogit": true},
             "schedule": {"iterations": 20, "evalEvery": 10}, "loss": {"terms": "ce+0.5*lovasz"}}
            """);
    Binary data = new Binary();
    RunFolder whole = new RunFolder(folder.resolve("whole"));
    double best = TinyRuns.training(config, data, 1, whole.dir()).run().best();
    assertTrue(best > 0.6, () -> "mIoU " + best);
    Path dir = folder.resolve("interrupted");
    Training[] self = new Training[1];
    self[0] =
        TinyRuns.training(
            config,
            data,
            1,
            dir,
            new Progress() {
              @Override
              public void step(StepReport report) {
                if (report.step() == 13) {
                  self[0].requestStop();
                }
              }
            });
    assertEquals(13, self[0].run().step());
    assertEquals(20, TinyRuns.training(config, data, 1, dir).run().step());
    assertEquals(-1, Files.mismatch(whole.last(), new RunFolder(dir).last()));

    Training two = TinyRuns.training(config.with("model.oneLogit", false), data, 1, dir);
    String refusal = assertThrows(DataException.class, two::run).getMessage();
    assertTrue(refusal.contains("has model.oneLogit true, but this run has false"), refusal);
  }

  @Test
  void dataOfOtherThanTwoClassesAreRefused() {
    String refusal =
        assertThrows(
                UsageException.class,
                () -> TinyRuns.training(CONFIG, TinyData.STANDARD, 1, folder.resolve("run")))
            .getMessage();
    assertTrue(refusal.startsWith("one logit tells 2 classes apart, but the model is to have 3;"));
    assertTrue(Files.notExists(folder.resolve("run")));
  }
}
