package org.segtrain.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;

/** The files of several data sets, each of which says itself what its masks mean. */
final class JoinedFiles implements FileSet {

  private final List<LabelledImages> parts;
  private final List<Double> weights;
  private final LabelledImages first;

  /**
   * Joins them.
   *
   * @param weights how often each training image of them comes in an epoch, on average
   */
  JoinedFiles(List<LabelledImages> parts, List<Double> weights) {
    this.parts = List.copyOf(parts);
    this.weights = List.copyOf(weights);
    this.first = parts.get(0);
  }

  @Override
  public List<Split> splits() {
    return Arrays.stream(Split.values())
        .filter(split -> parts.stream().anyMatch(part -> part.splits().contains(split)))
        .toList();
  }

  @Override
  public Listing listing(Split split) {
    List<Listing.Pair> pairs = new ArrayList<>();
    List<Listing.Stray> strays = new ArrayList<>();
    LeftOut leftOut = new LeftOut();
    for (int i = 0; i < parts.size(); i++) {
      int number = i;
      if (split == Split.TRAINING || parts.get(i).has(split)) {
        Listing listing = parts.get(i).listing(split);
        listing.pairs().forEach(pair -> pairs.add(pair.of(number)));
        strays.addAll(listing.strays());
        leftOut.add(listing.leftOut());
      }
    }
    return pairs.isEmpty() && strays.isEmpty()
        ? first.listing(split) // which says what is missing
        : new Listing(pairs, strays, leftOut);
  }

  @Override
  public long bytesToRead(Path file) {
    return first.bytesToRead(file);
  }

  @Override
  public PhotographFacts photograph(Path file) {
    return first.photograph(file);
  }

  @Override
  public MaskFacts mask(Path file) {
    return first.mask(file);
  }

  @Override
  public boolean holds(Path file) {
    return parts.stream().anyMatch(part -> part.holds(file));
  }

  @Override
  public boolean isPhotograph(Path file) {
    return first.isPhotograph(file);
  }

  private LabelledImages part(Listing.Pair pair) {
    return parts.get(pair.part());
  }

  @Override
  public boolean isExchanged(Listing.Pair pair) {
    return part(pair).isExchanged(pair);
  }

  @Override
  public String exchanged() {
    return first.exchanged();
  }

  @Override
  public boolean isByColour(Listing.Pair pair, MaskFacts mask) {
    return part(pair).isByColour(pair, mask);
  }

  @Override
  public boolean hasColours(Listing.Pair pair) {
    return part(pair).hasColours(pair);
  }

  @Override
  public OptionalInt label(Listing.Pair pair, MaskFacts mask, int value) {
    return part(pair).label(pair, mask, value);
  }

  @Override
  public double weight(Listing.Pair pair) {
    return weights.get(pair.part());
  }

  @Override
  public Sample read(Listing.Pair pair) {
    return part(pair).read(pair);
  }
}
