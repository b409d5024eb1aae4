package org.segtrain.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.internal.MaskFacts;

/** Palettes whose colours say another class than the values that count. */
final class PaletteFindings {

  /** Where the values say another class than the colours. */
  static final String REMEDY =
      "if the colours count, give files.colours with the colours in classes.txt";

  private final Evidence evidence;
  private final List<Read> masks;

  PaletteFindings(Evidence evidence, List<Read> masks) {
    this.evidence = evidence;
    this.masks = masks.stream().filter(read -> !read.mask().palette().isEmpty()).toList();
  }

  List<Finding> findings() {
    Optional<Finding> others = ofOtherClasses();
    return (others.isPresent() ? others : differing()).stream().toList();
  }

  /** Colours that classes.txt gives to other classes. */
  private Optional<Finding> ofOtherClasses() {
    List<Read> wrong = masks.stream().filter(read -> strange(read).isPresent()).toList();
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    Read first = wrong.get(0);
    int value = strange(first).getAsInt();
    int colour = first.mask().palette().get(value);
    return Optional.of(
        Finding.of(
            Kind.PALETTE_COLOURS,
            "%s with the colours of other classes: in %s the value %d, which is \"%s\", has the colour #%06x of \"%s\""
                .formatted(
                    masks.size() == 1
                        ? "the only mask has a palette"
                        : "%d of %d masks have palettes".formatted(wrong.size(), masks.size()),
                    first.maskFile(),
                    value,
                    name(evidence.label(first, value)),
                    colour,
                    name(byColour(first, colour))),
            REMEDY,
            wrong.stream().map(read -> List.of(read.maskFile())).toList()));
  }

  /** A value whose colour is that of another class. */
  private OptionalInt strange(Read read) {
    if (!evidence.files().hasColours(read.pair())) {
      return OptionalInt.empty();
    }
    return read.mask().palette().entrySet().stream()
        .filter(
            entry -> {
              OptionalInt colour = byColour(read, entry.getValue());
              OptionalInt value = evidence.label(read, entry.getKey());
              return colour.isPresent() && value.isPresent() && !colour.equals(value);
            })
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }

  private OptionalInt byColour(Read read, int colour) {
    MaskFacts mask = read.mask();
    MaskFacts coloured =
        new MaskFacts(mask.width(), mask.height(), true, Map.of(), Map.of(), mask.sum());
    return evidence.files().label(read.pair(), coloured, colour);
  }

  private String name(OptionalInt label) {
    List<String> classes = evidence.classes();
    return label.getAsInt() < classes.size() ? classes.get(label.getAsInt()) : "void";
  }

  /** A value in the masks of one folder. */
  private record Place(int part, int value) {}

  /** A value that has another colour in one mask than in another. */
  private Optional<Finding> differing() {
    Map<Place, Read> first = new HashMap<>();
    List<Read> wrong = new ArrayList<>();
    String sentence = "";
    for (Read read : masks) {
      for (Map.Entry<Integer, Integer> entry : read.mask().palette().entrySet()) {
        Place place = new Place(read.pair().part(), entry.getKey());
        Read before = first.putIfAbsent(place, read);
        int colour =
            before == null ? entry.getValue() : before.mask().palette().get(entry.getKey());
        if (colour != entry.getValue()) {
          sentence = sentence.isEmpty() ? differing(entry.getKey(), before, read) : sentence;
          wrong.add(read);
          break;
        }
      }
    }
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                Kind.PALETTES_DIFFER,
                sentence,
                REMEDY,
                wrong.stream().map(read -> List.of(read.maskFile())).toList()));
  }

  private static String differing(int value, Read one, Read other) {
    return "palettes differ, as if each file numbered its colours itself: the value %d is #%06x in %s, but #%06x in %s"
        .formatted(
            value,
            one.mask().palette().get(value),
            one.maskFile(),
            other.mask().palette().get(value),
            other.maskFile());
  }
}
