package org.segtrain.parity;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Compares {@link Filling} and {@link Labels} with the file that holds values of the formulas. */
final class FormulaCheck {

  static final List<String> SECTIONS = List.of("weights", "image", "labels");

  private static final double ROUNDED = 1e-8; // files have nine digits
  private static final double ROUNDED_SUM = 1e-6;
  private static final int STRIDE = 8;

  private final List<ParityReport.Section> sections = new ArrayList<>();

  private FormulaCheck() {}

  static ParityReport of(Fields fields) {
    FormulaCheck check = new FormulaCheck();
    if (fields.hasSection("weights", "weights")) {
      check.weights(fields);
    }
    if (fields.hasSection("images", "image")) {
      check.images(fields);
    }
    if (fields.hasSection("labels", "labels")) {
      check.labels(fields);
    }
    return new ParityReport("formulas", check.sections);
  }

  private void weights(Fields fields) {
    Comparison weights = Comparison.deciding("weights");
    fields.map("weights", (all, name) -> all.object(name, one -> compare(one, name, weights)));
    weights.addTo(sections);
  }

  private void images(Fields fields) {
    Comparison images = Comparison.deciding("images");
    fields.object(
        "image",
        image -> {
          for (Filling filling : Filling.values()) {
            image.object(field(filling), one -> compare(one, filling, images));
          }
          return images;
        });
    images.addTo(sections);
  }

  private void labels(Fields fields) {
    Comparison labels = Comparison.deciding("labels");
    fields.object("labels", one -> compare(one, labels));
    labels.addTo(sections);
  }

  private static Comparison compare(Fields fields, String name, Comparison comparison) {
    comparison.count(name + ", number", Filling.number(name), (long) fields.number("k"));
    Shape shape = GoldenArray.shape(fields, "shape");
    for (Filling filling : Filling.values()) {
      float[] values = filling.weights(name, shape);
      String field = field(filling);
      List<Double> first = fields.numbers(field);
      for (int i = 0; i < first.size(); i++) {
        comparison.number("%s, %s %d".formatted(name, field, i), values[i], first.get(i), ROUNDED);
      }
      comparison.number(
          "%s, %s last".formatted(name, field),
          values[values.length - 1],
          fields.number(field + "_last"),
          ROUNDED);
    }
    return comparison;
  }

  private static Comparison compare(Fields fields, Filling filling, Comparison comparison) {
    Shape shape = GoldenArray.shape(fields, "shape");
    float[] values = filling.image(shape, "input");
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    double expected = fields.number("sum");
    comparison.number(filling + ", sum", sum, expected, ROUNDED_SUM * expected);
    fields.map(
        "at",
        (places, place) -> {
          float value = values[index(place, shape)];
          comparison.number(filling + " at " + place, value, places.number(place), ROUNDED);
          return place;
        });
    return comparison;
  }

  private static Comparison compare(Fields fields, Comparison comparison) {
    Shape shape = GoldenArray.shape(fields, "shape"); // B H W
    Labels labels = Labels.of(new Shape(shape.get(0), 3, shape.get(1), shape.get(2)), 0);
    List<Double> row = fields.numbers("first_row_step8");
    int start = Math.toIntExact((shape.get(1) - 1) * shape.get(2)); // by its values it is the last
    for (int i = 0; i < row.size(); i++) {
      comparison.count("cell " + i, labels.values()[start + STRIDE * i], row.get(i).longValue());
    }
    comparison.count("valid", labels.valid(), (long) fields.number("valid"));
    comparison.count("ignored", shape.size() - labels.valid(), (long) fields.number("ignored"));
    comparison.count("sum", Arrays.stream(labels.values()).sum(), (long) fields.number("sum"));
    return comparison;
  }

  private static int index(String place, Shape shape) {
    int index = 0;
    int axis = 0;
    for (String part : place.split(",", -1)) {
      index = index * (int) shape.get(axis++) + Integer.parseInt(part);
    }
    return index;
  }

  private static String field(Filling filling) {
    return filling.name().toLowerCase(Locale.ROOT);
  }
}
