package org.segtrain.augment;

/**
 * Sizes of images on their way into training.
 *
 * @param crop size of the input of a model
 * @param scale edges that photographs are resized to at the factor 1, by MMSegmentation's rules
 * @param minScale smallest random factor
 * @param maxScale largest random factor
 */
public record TrainingSizes(ImageSize crop, Edges scale, double minScale, double maxScale) {

  /** Square crops, whose side is the short edge of the scale. */
  public static TrainingSizes square(int side, double minScale, double maxScale) {
    return new TrainingSizes(ImageSize.square(side), Edges.ofShort(side), minScale, maxScale);
  }
}
