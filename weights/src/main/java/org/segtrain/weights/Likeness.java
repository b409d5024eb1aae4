package org.segtrain.weights;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;

/**
 * The published model that a state dict is most like.
 *
 * @param backbone the encoder
 * @param share of the arrays of both that they have in common, 0-1, in the encoder
 * @param head the decoder, or null if the state dict has none that is known
 * @param headShare the same of the decoder, without auxiliary heads
 * @param classes that the decoder tells apart, or 0
 * @param oneLogit whether it has one logit for two classes
 */
public record Likeness(
    BackboneVariant backbone,
    double share,
    HeadVariant head,
    double headShare,
    int classes,
    boolean oneLogit) {

  private static final double LEAST = 0.5; // below it is like nothing
  private static final long MOST_CLASSES = 100_000; // a file may say any number

  /** The arrays of every backbone, made once, on first use. */
  private static final class Known {
    static final Map<BackboneVariant, Map<String, Shape>> BACKBONES =
        new EnumMap<>(BackboneVariant.class);

    static {
      for (BackboneVariant variant : BackboneVariant.values()) {
        BACKBONES.put(variant, Inventory.of(variant).everyName());
      }
    }
  }

  /** The published model that a state dict of these arrays is most like, if it is like any. */
  static Optional<Likeness> of(Map<String, Shape> stateDict) {
    boolean whole = Names.areOfModel(stateDict.keySet());
    Map<String, Shape> encoder = new LinkedHashMap<>();
    Map<String, Shape> decoder = new LinkedHashMap<>();
    stateDict.forEach(
        (name, shape) -> {
          if (whole && !name.startsWith(Names.BACKBONE)) {
            decoder.put(name, shape);
          } else if (!Names.isClassification(name)) {
            encoder.put(Names.withoutBackbone(name), shape);
          }
        });
    Comparator<BackboneVariant> byShare =
        Comparator.comparingDouble(variant -> share(encoder, Known.BACKBONES.get(variant)));
    BackboneVariant backbone = Arrays.stream(BackboneVariant.values()).max(byShare).orElseThrow();
    double share = share(encoder, Known.BACKBONES.get(backbone));
    return share < LEAST ? Optional.empty() : Optional.of(of(backbone, share, decoder));
  }

  private static Likeness of(BackboneVariant backbone, double share, Map<String, Shape> decoder) {
    Optional<Integer> logits =
        decoder.entrySet().stream()
            .filter(entry -> Names.isClassifier(entry.getKey()))
            .map(Map.Entry::getValue)
            .filter(shape -> shape.dimension() > 0)
            .map(shape -> shape.get(0))
            .filter(number -> number > 0 && number <= MOST_CLASSES)
            .map(Long::intValue)
            .findFirst();
    Likeness found = new Likeness(backbone, share, null, 0, 0, false);
    if (logits.isEmpty()) {
      return found;
    }
    boolean oneLogit = logits.get() == 1;
    int classes = oneLogit ? 2 : logits.get();
    for (HeadVariant head : HeadVariant.values()) {
      Map<String, Shape> known = Inventory.of(backbone, head, classes, oneLogit).shapes();
      double headShare = share(needed(decoder), needed(known));
      if (headShare >= LEAST && headShare > found.headShare()) {
        found = new Likeness(backbone, share, head, headShare, classes, oneLogit);
      }
    }
    return found;
  }

  /** The arrays of the decoder that inference needs. */
  private static Map<String, Shape> needed(Map<String, Shape> arrays) {
    Map<String, Shape> needed = new LinkedHashMap<>(arrays);
    needed.keySet().removeIf(name -> name.startsWith(Names.BACKBONE) || Names.isAuxiliary(name));
    return needed;
  }

  /** How many arrays both have, of those that one has. */
  private static double share(Map<String, Shape> some, Map<String, Shape> others) {
    long common =
        some.entrySet().stream()
            .filter(
                entry -> {
                  Shape other = others.get(entry.getKey());
                  return other != null
                      && Conversion.of(entry.getKey(), entry.getValue(), other).isPresent();
                })
            .count();
    return (double) common / (some.size() + others.size() - common);
  }

  /** "pvt_small", or "pvt_small with fpn". */
  public String model() {
    return head == null ? backbone.toString() : "%s with %s".formatted(backbone, head);
  }
}
