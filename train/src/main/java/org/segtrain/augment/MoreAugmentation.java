package org.segtrain.augment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.errors.UsageException;

/**
 * Random changes beyond those of the {@link ImageRules}; 0 leaves one out. Colours change as in
 * MMSegmentation's {@code PhotoMetricDistortion}, each with probability one half.
 *
 * @param rotation photographs are turned by at most this, to either side, degrees 0-180
 * @param brightness at most this is added or taken away, 0-255
 * @param contrast at most this fraction is added to or taken from the factor 1, 0-1
 * @param saturation the same of saturation
 * @param hue at most this is added or taken away, in OpenCV's units of two degrees, 0-90
 * @param blur probability of a Gaussian blur
 * @param blurSigma its largest standard deviation, pixels; the smallest is 0.1
 * @param erasing probability that a rectangle is erased
 * @param erasingArea its largest share of the crop, 0-1; the smallest is 0.02
 */
public record MoreAugmentation(
    double rotation,
    double brightness,
    double contrast,
    double saturation,
    int hue,
    double blur,
    double blurSigma,
    double erasing,
    double erasingArea) {

  /** None; strengths are the published ones, for those that are switched on. */
  public static final MoreAugmentation NONE = new MoreAugmentation(0, 0, 0, 0, 0, 0, 2, 0, 0.4);

  public MoreAugmentation {
    within("rotation", rotation, 0, 180);
    within("brightness", brightness, 0, 255);
    within("contrast", contrast, 0, 1);
    within("saturation", saturation, 0, 1);
    within("hue", hue, 0, 90);
    within("blur", blur, 0, 1);
    within("blurSigma", blurSigma, RandomBlur.LEAST, 100);
    within("erasing", erasing, 0, 1);
    within("erasingArea", erasingArea, RandomErasing.LEAST, 1);
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new UsageException(
          "augmentation.%s must be from %s to %s, but is %s"
              .formatted(name, plain(least), plain(most), plain(value)));
    }
  }

  /** "90" rather than "90.0". */
  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /** Whether it changes colours. */
  public boolean isColourful() {
    return !colours().isEmpty();
  }

  /** Its changes of colours by their keys, as people read them, without those that are left out. */
  public Map<String, String> colours() {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("augmentation.brightness", plain(brightness));
    given.put("augmentation.contrast", plain(contrast));
    given.put("augmentation.saturation", plain(saturation));
    given.put("augmentation.hue", plain(hue));
    given.values().removeIf(plain(0)::equals);
    return given;
  }

  /** The augmentations of a whole photograph, before its crop. */
  List<Augmentation> whole() {
    return rotation > 0 ? List.of(new RandomRotation(rotation)) : List.of();
  }

  /** The augmentations of a crop. */
  List<Augmentation> cropped() {
    List<Augmentation> steps = new ArrayList<>();
    if (isColourful()) {
      steps.add(new PhotometricDistortion(brightness, contrast, saturation, hue));
    }
    if (blur > 0) {
      steps.add(new RandomBlur(blur, blurSigma));
    }
    if (erasing > 0) {
      steps.add(new RandomErasing(erasing, erasingArea));
    }
    return steps;
  }
}
