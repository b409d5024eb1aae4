package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.data.Split;
import org.segtrain.djl.DjlDataset;
import org.segtrain.djl.SegmentationDataset;
import org.segtrain.djl.SegmentationPredictor;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationHead;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.train.Training;
import org.segtrain.weights.Weights;

final class NullArgumentsTest {

  private static final Path FILE = Path.of("a");

  @ParameterizedTest
  @MethodSource("calls")
  void aNullIsRefusedAtTheCallByTheNameOfItsArgument(String name, Executable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        call("config", () -> Training.builder().setConfig(null)),
        call("dataset", () -> Training.builder().setDataset(null)),
        call("own", () -> Training.builder().optAugmentation(null)),
        call("folder", () -> Training.builder().setFolder(null)),
        call("model", () -> Training.builder().optModel(null)),
        call("resources", () -> Training.builder().optResources(null)),
        call("progress", () -> Training.builder().optProgress(null)),
        call("name", () -> SegmentationModel.builder().setBackbone((String) null)),
        call("variant", () -> SegmentationModel.builder().setBackbone((BackboneVariant) null)),
        call("variant", () -> SegmentationModel.builder().setHead((HeadVariant) null)),
        call("own", () -> SegmentationModel.builder().setHead((SegmentationHead) null)),
        call("neck", () -> SegmentationModel.builder().setHead(null, null)),
        call("auxiliary", () -> SegmentationModel.builder().addAuxiliaryHead(null)),
        call("block", () -> Weights.start((Block) null, FILE, null)),
        call("file", () -> Weights.load(model(), null)),
        call("manager", () -> Weights.start(model(), FILE, null)),
        call("runOrCheckpoint", () -> TrainedModel.load(null, null)),
        call("block", () -> TrainedModel.load(FILE, (Block) null, null)),
        call("instead", () -> TrainedModel.load(FILE, (Resources) null, null)),
        call("resources", () -> TrainedModel.load(FILE, null)),
        call("trained", () -> SegmentationPredictor.of(null)),
        call("classes", () -> DjlDataset.of("a", null, null, null)),
        call("training", () -> DjlDataset.of("a", List.of("b"), null, null)),
        call("dataset", () -> SegmentationDataset.builder().setData(null, Split.TRAINING)),
        call("preparation", () -> SegmentationDataset.builder().optPreparation(null)),
        call("fitting", () -> SegmentationDataset.builder().optFitting(null)),
        call("rules", () -> SegmentationDataset.builder().optColours(null)));
  }

  private static Arguments call(String name, Executable call) {
    return Arguments.of(name, call);
  }

  private static SegmentationModel model() {
    return SegmentationModel.builder().setBackbone("pvt_tiny").setHead("fpn").setClasses(2).build();
  }
}
