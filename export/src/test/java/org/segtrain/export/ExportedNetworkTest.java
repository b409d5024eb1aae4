package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.errors.DataException;
import org.segtrain.export.ExportSource.Photographs;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.Normalization;

/** With programs that are Java. */
final class ExportedNetworkTest {

  private static final int CLASSES = 3;
  private static final List<Long> ANY = List.of();

  private static final SegmentationModel MODEL = // not initialised
      SegmentationModel.builder()
          .setBackbone(BackboneVariant.PVT_TINY)
          .setHead(HeadVariant.FPN)
          .setClasses(CLASSES)
          .build();

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final List<NDArray> read = new ArrayList<>();

  @AfterEach
  void close() {
    manager.close();
  }

  /** What an exported file would do. */
  private record Java(List<Long> axes, UnaryOperator<NDArray> function) implements Program {

    @Override
    public Optional<String> card() {
      return Optional.empty();
    }

    @Override
    public NDList run(NDList inputs) {
      return new NDList(function.apply(inputs.singletonOrThrow()));
    }

    @Override
    public void close() {}
  }

  /** Every colour comes back from its normalised number, in the order of the file. */
  @ParameterizedTest
  @EnumSource
  void aFileThatNormalisesGetsTheBytes(ImageRules rules) {
    byte[] rgb = new byte[2 * 32 * 64 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i % 256);
    }
    NDArray bytes = manager.create(ByteBuffer.wrap(rgb), new Shape(2, 32, 64, 3), DataType.UINT8);
    NDArray images = Normalization.of(bytes.toType(DataType.FLOAT32, true), rules.channels());
    network(ANY, InputForm.UINT8, OutputForm.LOGITS, rules, x -> scores(2, CLASSES)).scores(images);
    assertEquals(DataType.UINT8, read.get(0).getDataType());
    assertEquals(bytes.getShape(), read.get(0).getShape());
    assertArrayEquals(rgb, read.get(0).toByteArray());
  }

  @Test
  void aClassMapBecomesScoresOfOneAndZero() {
    NDArray map = manager.create(new int[] {0, 2, 2, 1}, new Shape(1, 2, 2));
    NDArray scores =
        network(ANY, OutputForm.CLASS_MAP, x -> map.toType(DataType.UINT8, true))
            .scores(images(1, 2, 2));
    assertEquals(new Shape(1, CLASSES, 2, 2), scores.getShape());
    float[] expected = {1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0};
    assertArrayEquals(expected, scores.toFloatArray());
  }

  @Test
  void aFileForOneImageIsGivenOneAtATime() {
    NDArray images = images(3, 32, 32);
    NDArray scores =
        network(
                List.of(1L, 3L, -1L, -1L),
                OutputForm.FULL_LOGITS,
                x -> {
                  assertEquals(1, x.size(0));
                  return x;
                })
            .scores(images);
    assertEquals(3, read.size());
    assertArrayEquals(images.toFloatArray(), scores.toFloatArray());
  }

  @Test
  void aFileOfOneSizeRefusesOthersAndWarmsUpAtItsOwn() {
    ExportedNetwork network = network(List.of(1L, 3L, 96L, 128L), OutputForm.FULL_LOGITS, x -> x);
    network.warmUp(manager);
    assertEquals(2, read.size());
    NDArray other = images(1, 96, 96);
    String message = assertThrows(DataException.class, () -> network.scores(other)).getMessage();
    assertTrue(message.contains("[1, 3, 96, 128]"), message);
    assertTrue(message.contains("but got (1, 3, 96, 96)"), message);
    assertTrue(message.contains("evaluation.window"), message);
    assertEquals(new Shape(1, 3, 96, 128), network.scores(images(1, 96, 128)).getShape());
  }

  @ParameterizedTest
  @EnumSource
  void anArrayOfAnotherFormIsRefused(OutputForm output) {
    ExportedNetwork network = network(ANY, output, x -> scores(1, CLASSES + 1));
    String message = assertThrows(DataException.class, () -> network.warmUp(manager)).getMessage();
    assertTrue(message.contains("an array (1, 4, 8, 8)"), message);
    assertTrue(message.contains("of 3 classes"), message);
  }

  private NDArray scores(int images, int classes) {
    return manager.zeros(new Shape(images, classes, 8, 8));
  }

  private NDArray images(int batch, int height, int width) {
    return manager.randomNormal(new Shape(batch, 3, height, width));
  }

  private ExportedNetwork network(
      List<Long> axes, OutputForm output, UnaryOperator<NDArray> program) {
    return network(axes, InputForm.FLOAT, output, ImageRules.ALIGNED, program);
  }

  private ExportedNetwork network(
      List<Long> axes,
      InputForm input,
      OutputForm output,
      ImageRules rules,
      UnaryOperator<NDArray> program) {
    Deployment form = new Deployment(input, output, false, Precision.FP32, Optimization.NONE);
    ExportSource source =
        new ExportSource(
            () -> {},
            MODEL,
            "pvt_tiny",
            "fpn",
            ExportSource.names(CLASSES),
            Photographs.ofOwnSize(rules),
            "trained",
            7);
    UnaryOperator<NDArray> noted =
        x -> {
          read.add(x);
          return program.apply(x);
        };
    return new ExportedNetwork(
        Path.of("model.pt"), new Java(axes, noted), ModelCard.of(source, form, "1.0"));
  }
}
