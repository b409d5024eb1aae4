package org.segtrain.heads;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.errors.UsageException;

/**
 * Builds a {@link SegmentationModel} from a backbone and a head, published or your own. A published
 * part has its authors' rates of dropout and stochastic depth, unless you set others.
 */
public final class SegmentationModelBuilder {

  private Supplier<Backbone> backbone = missing("backbone", "setBackbone", "pvt_small");
  private Function<List<Integer>, Decoder> head =
      channels -> SegmentationModelBuilder.<Decoder>missing("head", "setHead", "fpn").get();
  private final List<AuxiliaryHead> auxiliaryHeads = new ArrayList<>();
  private Optional<Integer> classes = Optional.empty();
  private boolean oneLogit;
  private Optional<Integer> features = Optional.empty();
  private Optional<Float> dropPath = Optional.empty();
  private Optional<Float> dropout = Optional.empty();

  SegmentationModelBuilder() {}

  /** A published backbone. */
  public SegmentationModelBuilder setBackbone(BackboneVariant variant) {
    Objects.requireNonNull(variant, "variant");
    backbone = () -> variant.config().build(dropPath.orElse(variant.dropPath()));
    return this;
  }

  /**
   * The published backbone of that name.
   *
   * @throws UsageException if there is none, naming the known ones
   */
  public SegmentationModelBuilder setBackbone(String name) {
    Objects.requireNonNull(name, "name");
    return setBackbone(BackboneVariant.of(name));
  }

  /** A backbone of your own, with the stochastic depth that it was made with. */
  public SegmentationModelBuilder setBackbone(Backbone own) {
    Objects.requireNonNull(own, "own");
    backbone =
        () -> {
          refuse("drop path rate", dropPath, "backbone");
          return own;
        };
    return this;
  }

  /** A published head. */
  public SegmentationModelBuilder setHead(HeadVariant variant) {
    Objects.requireNonNull(variant, "variant");
    head =
        channels ->
            variant.decoder(
                new HeadPlan(
                    channels,
                    features.orElseGet(() -> variant.features(channels)),
                    new Classes(requiredClasses(), oneLogit),
                    dropout.orElse(variant.dropout())));
    return this;
  }

  /**
   * The published head of that name.
   *
   * @throws UsageException if there is none, naming the known ones
   */
  public SegmentationModelBuilder setHead(String name) {
    Objects.requireNonNull(name, "name");
    return setHead(HeadVariant.of(name));
  }

  /**
   * A head of your own, made for the channels of the backbone's maps, finest first, and the number
   * of classes: {@code setHead(MyHead::new)}.
   */
  public SegmentationModelBuilder setHead(
      BiFunction<List<Integer>, Integer, SegmentationHead> own) {
    Objects.requireNonNull(own, "own");
    return setDecoder(channels -> Decoder.of(own.apply(channels, requiredClasses())));
  }

  /** A head of your own that reads the backbone's maps. */
  public SegmentationModelBuilder setHead(SegmentationHead own) {
    Objects.requireNonNull(own, "own");
    return setDecoder(channels -> Decoder.of(own));
  }

  /** A head of your own that reads the maps of {@code neck}, which reads the backbone's. */
  public SegmentationModelBuilder setHead(Neck neck, SegmentationHead own) {
    Objects.requireNonNull(neck, "neck");
    Objects.requireNonNull(own, "own");
    return setDecoder(channels -> Decoder.of(neck, own));
  }

  private SegmentationModelBuilder setDecoder(Function<List<Integer>, Decoder> own) {
    head =
        channels -> {
          refuse("dropout", dropout, "head");
          refuse("number of features", features, "head");
          if (oneLogit) {
            throw new UsageException(
                "one logit is only for a published head; let your own give the scores of 2 classes instead");
          }
          return own.apply(channels);
        };
    return this;
  }

  /** One more classifier that only training uses. */
  public SegmentationModelBuilder addAuxiliaryHead(AuxiliaryHead auxiliary) {
    auxiliaryHeads.add(Objects.requireNonNull(auxiliary, "auxiliary"));
    return this;
  }

  /** The number of classes, K; a head of your own may know it already. */
  public SegmentationModelBuilder setClasses(int classes) {
    this.classes = Optional.of(atLeast(1, "number of classes", classes));
    return this;
  }

  /**
   * Whether a published head of two classes has one logit, that of the second, instead of two. Its
   * scores are 0 and that logit.
   */
  public SegmentationModelBuilder optOneLogit(boolean oneLogit) {
    this.oneLogit = oneLogit;
    return this;
  }

  /** Channels inside a published head, an even number; the published number otherwise. */
  public SegmentationModelBuilder optFeatures(int features) {
    this.features = Optional.of(atLeast(2, "number of features", features));
    return this;
  }

  /** Rate of stochastic depth in the last layer of a published backbone, 0-1. */
  public SegmentationModelBuilder optDropPath(float rate) {
    dropPath = Optional.of(rate("drop path rate", rate));
    return this;
  }

  /** Share of the channels that training drops before a published head's classifier, 0-1. */
  public SegmentationModelBuilder optDropout(float rate) {
    dropout = Optional.of(rate("dropout", rate));
    return this;
  }

  /**
   * A new model, not yet initialised.
   *
   * @throws UsageException if a part is missing, or two do not fit each other
   */
  public SegmentationModel build() {
    Backbone encoder = backbone.get();
    Decoder decoder = head.apply(encoder.channels()).with(auxiliaryHeads);
    int known = decoder.head().classes();
    if (classes.orElse(known) != known) {
      throw new UsageException(
          "the model is to have %d classes, but its head has %d; make the head with as many"
              .formatted(classes.get(), known));
    }
    for (AuxiliaryHead auxiliary : decoder.auxiliaryHeads()) {
      auxiliary.check(encoder.channels().size(), known);
    }
    return new SegmentationModel(encoder, decoder);
  }

  private int requiredClasses() {
    return classes.orElseThrow(
        () -> new UsageException("the model lacks its number of classes; give it by setClasses"));
  }

  private static <T> Supplier<T> missing(String part, String method, String example) {
    return () -> {
      throw new UsageException(
          "the model lacks a %s; give it by %s(\"%s\") or one of your own"
              .formatted(part, method, example));
    };
  }

  private static void refuse(String what, Optional<?> value, String part) {
    if (value.isPresent()) {
      throw new UsageException(
          "%s %s is only for a published %s; give it to the constructor of your own instead"
              .formatted(what, value.get(), part));
    }
  }

  private static int atLeast(int least, String what, int value) {
    if (value < least) {
      throw new UsageException("%s must be at least %d, but is %d".formatted(what, least, value));
    }
    return value;
  }

  private static float rate(String what, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new UsageException(
          "%s must be at least 0 and below 1, but is %s".formatted(what, value));
    }
    return value;
  }
}
