package org.segtrain.weights;

/**
 * How weights are loaded.
 *
 * @param container the part of the file that holds them, {@code state_dict_ema} for instance; null
 *     for the usual one
 * @param newClassifier whether a classifier of another number of classes is left new, which is
 *     refused otherwise
 * @param headRequired whether a file without a head is refused, rather than the head left new
 */
public record LoadOptions(String container, boolean newClassifier, boolean headRequired) {

  /** Everything must fit; a head may be new if the file has none. */
  public static final LoadOptions STANDARD = new LoadOptions(null, false, false);

  /** For training: arrays that depend on the data may be new. */
  public static LoadOptions toTrain(String container) {
    return new LoadOptions(container, true, false);
  }

  /** For prediction: nothing may be new. */
  public static LoadOptions toPredict(String container) {
    return new LoadOptions(container, false, true);
  }
}
