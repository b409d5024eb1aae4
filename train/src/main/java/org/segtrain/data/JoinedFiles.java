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

/** The files of several data sets whose masks mean the same. */
final class JoinedFiles implements FileSet {

  private final List<LabelledImages> parts;
  private final LabelledImages first;

  JoinedFiles(List<LabelledImages> parts) {
    this.parts = List.copyOf(parts);
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
    for (LabelledImages part : parts) {
      if (split == Split.TRAINING || part.has(split)) {
        Listing listing = part.listing(split);
        pairs.addAll(listing.pairs());
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
  public boolean isPhotograph(Path file) {
    return first.isPhotograph(file);
  }

  @Override
  public boolean isByColour(MaskFacts mask) {
    return first.isByColour(mask);
  }

  @Override
  public boolean hasColours() {
    return first.hasColours();
  }

  @Override
  public OptionalInt label(MaskFacts mask, int value) {
    return first.label(mask, value);
  }

  @Override
  public Sample read(Listing.Pair pair) {
    return first.read(pair);
  }
}
