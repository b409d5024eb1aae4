package org.segtrain.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.internal.MaskFacts;

/** Masks whose classes are known by their colours, with colours that mean nothing. */
final class ColourFindings {

  private final Evidence evidence;
  private final List<Read> named = new ArrayList<>();
  private final List<Read> unnamed = new ArrayList<>();
  private final List<Read> grey = new ArrayList<>();

  ColourFindings(Evidence evidence, List<Read> masks) {
    this.evidence = evidence;
    for (Read read : masks) {
      if (isWrong(read)) {
        sort(read);
      }
    }
  }

  private boolean isWrong(Read read) {
    return read.mask().pixels().keySet().stream()
        .anyMatch(value -> evidence.label(read, value).isEmpty());
  }

  private void sort(Read read) {
    if (holdsValues(read)) {
      grey.add(read);
    } else {
      (evidence.files().hasColours(read.pair()) ? named : unnamed).add(read);
    }
  }

  /** Whether it has three equal channels that hold values of classes. */
  private boolean holdsValues(Read read) {
    MaskFacts mask = read.mask();
    MaskFacts single =
        new MaskFacts(mask.width(), mask.height(), false, Map.of(), Map.of(), mask.sum());
    return mask.coloured()
        && !evidence.files().isByColour(read.pair(), single)
        && mask.pixels().keySet().stream()
            .allMatch(
                rgb ->
                    Colours.isGrey(rgb)
                        && evidence.files().label(read.pair(), single, rgb & 0xFF).isPresent());
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!grey.isEmpty()) {
      findings.add(
          Finding.of(
              Kind.NOT_A_MASK,
              Colours.count(grey, "have", "has")
                  + " red, green and blue that are the same, and are values of classes",
              "save it with one channel",
              Colours.files(grey)));
    }
    if (!named.isEmpty()) {
      findings.add(
          Finding.of(
              Kind.UNKNOWN_COLOUR,
              "%s of no class (%s)"
                  .formatted(
                      Colours.count(named, "have colours", "has colours"),
                      Colours.listed(unknown(named))),
              "correct the masks, or write the colours behind names in classes.txt",
              Colours.files(named)));
    }
    if (!unnamed.isEmpty()) {
      findings.add(nobodyNames());
    }
    return findings;
  }

  private Finding nobodyNames() {
    List<String> colours = unknown(unnamed);
    boolean isMask = colours.size() <= Colours.MOST;
    return Finding.of(
        Kind.UNNAMED_COLOURS,
        isMask
            ? "%s say the class, but classes.txt names no colours; found: %s"
                .formatted(
                    Colours.count(
                        unnamed, "are coloured, so their colours", "is coloured, so its colours"),
                    Colours.listed(colours))
            : "%s more than %d colours, so this is no mask, or its edges were smoothed; found: %s"
                .formatted(
                    Colours.count(unnamed, "have", "has"), Colours.MOST, Colours.listed(colours)),
        isMask ? Colours.REMEDY : "export the labels again as PNG, without smoothing",
        Colours.files(unnamed));
  }

  /** Colours of no class, the commonest first. */
  private List<String> unknown(List<Read> masks) {
    Map<String, Long> pixels = new LinkedHashMap<>();
    for (Read read : masks) {
      read.mask()
          .pixels()
          .forEach(
              (value, count) -> {
                if (evidence.label(read, value).isEmpty()) {
                  pixels.merge(Colours.hex(read, value), count, Long::sum);
                }
              });
    }
    return pixels.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }
}
