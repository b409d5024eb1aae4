package org.segtrain.data;

import java.util.Arrays;

/**
 * A square picture in the making: linear colours, unless only labels are needed, and one label per
 * pixel.
 */
final class Canvas {

  private final int side;
  private final boolean coloured;
  private final float[] rgb;
  private final byte[] labels;

  private Canvas(int side, boolean coloured) {
    this.side = side;
    this.coloured = coloured;
    rgb = new float[coloured ? side * side * 3 : 0];
    labels = new byte[side * side];
    Arrays.fill(labels, (byte) Sample.VOID);
  }

  static Canvas coloured(int side) {
    return new Canvas(side, true);
  }

  /** Without colours, which take most of the time. */
  static Canvas ofLabels(int side) {
    return new Canvas(side, false);
  }

  /** Paints a thing over what is there: the image anti-aliased, the labels not. */
  void paint(Thing thing) {
    Outline outline = thing.outline();
    Point centre = outline.centre();
    double reach = outline.reach();
    int left = first(centre.x() - reach);
    int right = last(centre.x() + reach);
    int bottom = last(centre.y() + reach);
    for (int y = first(centre.y() - reach); y < bottom; y++) {
      for (int x = left; x < right; x++) {
        double distance = outline.distance(x + 0.5, y + 0.5);
        if (distance < 0.5) {
          if (coloured) {
            double mix = thing.surface().mix(x + 0.5 - centre.x(), y + 0.5 - centre.y());
            blend((y * side + x) * 3, thing.surface(), mix, Pattern.clamp(0.5 - distance));
          }
          label(y * side + x, thing, distance);
        }
      }
    }
  }

  private int first(double border) {
    return (int) Math.max(0, Math.floor(border) - 1);
  }

  private int last(double border) {
    return (int) Math.min(side, Math.ceil(border) + 1);
  }

  private void blend(int at, Thing.Surface surface, double mix, double coverage) {
    Colour a = surface.first();
    Colour b = surface.second();
    rgb[at] += (float) (coverage * (a.red() + mix * (b.red() - a.red()) - rgb[at]));
    rgb[at + 1] += (float) (coverage * (a.green() + mix * (b.green() - a.green()) - rgb[at + 1]));
    rgb[at + 2] += (float) (coverage * (a.blue() + mix * (b.blue() - a.blue()) - rgb[at + 2]));
  }

  private void label(int at, Thing thing, double distance) {
    if (thing.bordered() && distance > -0.5) {
      labels[at] = (byte) Sample.VOID;
    } else if (distance < 0) {
      labels[at] = (byte) thing.label();
    }
  }

  byte[] labels() {
    return labels.clone();
  }

  /** The picture under uneven light and with sensor noise. */
  Sample develop(String name, Dice dice) {
    double across = dice.between(-0.35, 0.35);
    double down = dice.between(-0.35, 0.35);
    double noise = dice.between(3, 12);
    byte[] bytes = new byte[rgb.length];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double light = 1 + across * ((double) x / side - 0.5) + down * ((double) y / side - 0.5);
        for (int i = (y * side + x) * 3, end = i + 3; i < end; i++) {
          double value = rgb[i] * light + noise * dice.noise();
          bytes[i] = (byte) Math.max(0, Math.min(255, Math.floor(value + 0.5)));
        }
      }
    }
    return new Sample(name, side, side, bytes, labels());
  }
}
