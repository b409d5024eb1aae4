package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.AuxiliaryHead;
import org.segtrain.heads.FcnHead;
import org.segtrain.heads.FpnNeck;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationHead;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.heads.SegmentationModelBuilder;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;

/** What a program outside of the project can put together. */
class OwnPartsTest {

  private static final Shape IMAGE = new Shape(2, 3, 64, 96);

  /** The least that is a backbone: a convolution for each map. */
  private static final class PlainBackbone extends Backbone {

    private final List<Conv2d> halvings = new ArrayList<>();

    PlainBackbone(Integer... channels) {
      super(List.of(channels));
      halvings.add(conv("stem", Convolution.same(3, channels[0], 3).withStride(2)));
      int in = channels[0];
      for (int out : channels) {
        halvings.add(conv("conv" + halvings.size(), Convolution.same(in, out, 3).withStride(2)));
        in = out;
      }
    }

    @Override
    protected NDList features(Pass pass, NDArray image) {
      NDList maps = new NDList();
      NDArray x = image;
      for (Conv2d halving : halvings) {
        x = pass.through(halving, x);
        maps.add(x);
      }
      return maps.subNDList(1);
    }
  }

  /** A linear classifier of the finest map. */
  private static final class PlainHead extends SegmentationHead {

    private final Conv2d classifier;

    PlainHead(List<Integer> channels, int classes) {
      super(classes);
      classifier = conv("classifier", Convolution.pointwise(channels.get(0), classes));
    }

    @Override
    protected NDList forward(Pass pass, NDList maps) {
      return new NDList(pass.through(classifier, maps.head()));
    }
  }

  private static Shape scores(SegmentationModel model) {
    try (NDManager manager = NDManager.newBaseManager()) {
      model.initialize(manager, DataType.FLOAT32, IMAGE);
      NDList images = new NDList(manager.zeros(IMAGE));
      return model.forward(new ParameterStore(manager, false), images, false).head().getShape();
    }
  }

  private static SegmentationModelBuilder published() {
    return SegmentationModel.builder().setBackbone("pvt_tiny").setHead("fpn");
  }

  @Test
  void publishedPartsAreNamedInOneStatement() {
    SegmentationModel model =
        SegmentationModel.builder().setBackbone("pvt_small").setHead("fpn").setClasses(11).build();
    assertEquals(11, model.classes());
    assertEquals(BackboneVariant.PVT_SMALL.build().channels(), model.backbone().channels());
    assertTrue(StateDict.of(model).containsKey("decode_head.conv_seg.weight"));
  }

  @Test
  void aPublishedHeadReadsABackboneOfOnesOwn() {
    for (HeadVariant head : HeadVariant.values()) {
      SegmentationModel model =
          SegmentationModel.builder()
              .setBackbone(new PlainBackbone(8, 12, 16, 24))
              .setHead(head)
              .setClasses(11)
              .optFeatures(8)
              .optDropout(0.2f)
              .build();
      assertEquals(new Shape(2, 11, 16, 24), scores(model), head.toString());
    }
  }

  @Test
  void aHeadOfOnesOwnReadsAPublishedBackbone() {
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(BackboneVariant.PVT_TINY)
            .optDropPath(0)
            .setHead(PlainHead::new)
            .setClasses(11)
            .build();
    assertEquals(new Shape(2, 11, 16, 24), scores(model));
  }

  @Test
  void bothPartsMayBeOnesOwnWithANeckAndAnAuxiliaryHead() {
    PlainBackbone backbone = new PlainBackbone(8, 12, 16, 24);
    FpnNeck neck = new FpnNeck(backbone.channels(), 8);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(neck, new PlainHead(neck.channels(), 11))
            .addAuxiliaryHead(new AuxiliaryHead(new FcnHead(List.of(16), 8, 3, 11, 0), 2, 0.4))
            .build();
    assertEquals(List.of(1.0, 0.4), model.lossWeights());
    assertEquals(new Shape(2, 11, 16, 24), scores(model));
  }

  @Test
  void whatIsMissingIsNamed() {
    assertMistake(
        "the model lacks a backbone; give it by setBackbone(\"pvt_small\") or one of your own",
        SegmentationModel.builder().setHead("fpn").setClasses(2));
    assertMistake(
        "the model lacks a head; give it by setHead(\"fpn\") or one of your own",
        SegmentationModel.builder().setBackbone("pvt_tiny").setClasses(2));
    assertMistake("the model lacks its number of classes; give it by setClasses", published());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    PlainBackbone own = new PlainBackbone(8, 12, 16, 24);
    PlainHead head = new PlainHead(own.channels(), 11);
    FcnHead other = new FcnHead(List.of(16), 8, 3, 7, 0);
    assertMistake(
        "the model is to have 3 classes, but its head has 11; make the head with as many",
        SegmentationModel.builder().setBackbone(own).setHead(head).setClasses(3));
    assertMistake(
        "drop path rate 0.1 is only for a published backbone;"
            + " give it to the constructor of your own instead",
        SegmentationModel.builder().setBackbone(own).setHead(head).optDropPath(0.1f));
    assertMistake(
        "dropout 0.1 is only for a published head;"
            + " give it to the constructor of your own instead",
        SegmentationModel.builder().setBackbone(own).setHead(head).optDropout(0.1f));
    assertMistake(
        "an auxiliary head reads map 4, but the backbone gives maps 0 to 3",
        published().setClasses(7).addAuxiliaryHead(new AuxiliaryHead(other, 4, 0.4)));
    assertMistake(
        "an auxiliary head has 7 classes, but the head has 11; make both with as many",
        published().setClasses(11).addAuxiliaryHead(new AuxiliaryHead(other, 2, 0.4)));
  }

  @Test
  void numbersOutOfTheirRangeAreRefusedWhereTheyAreGiven() {
    assertThrows(UsageException.class, () -> published().setClasses(0));
    assertThrows(UsageException.class, () -> published().optFeatures(1));
    assertThrows(UsageException.class, () -> published().optDropPath(1));
    assertThrows(UsageException.class, () -> published().optDropout(Float.NaN));
    assertThrows(UsageException.class, () -> published().setHead("fpm"));
  }

  private static void assertMistake(String sentence, SegmentationModelBuilder builder) {
    assertEquals(sentence, assertThrows(UsageException.class, builder::build).getMessage());
  }
}
