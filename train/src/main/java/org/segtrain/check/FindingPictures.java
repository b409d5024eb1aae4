package org.segtrain.check;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.LabelMap;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.internal.Listing;
import org.segtrain.errors.DataException;
import org.segtrain.page.internal.Page;
import org.segtrain.page.internal.Thumbnail;

/** Small pictures of the first files that findings name, with the other file of their pair. */
final class FindingPictures {

  private static final int MOST = 3; // of a finding
  private static final int SIDE = 160; // pixels

  private final Map<String, Listing.Pair> pairs = new HashMap<>();
  private final Palette values = Palette.of(Sample.VOID);

  FindingPictures(DataCheck check) {
    new StrayFindings(check.files())
        .listings()
        .values()
        .forEach(
            listing ->
                listing
                    .pairs()
                    .forEach(
                        pair -> {
                          pairs.put(pair.image().toString(), pair);
                          pairs.put(pair.mask().toString(), pair);
                        }));
  }

  /** Markup; nothing of what cannot be read, or is of no pair. */
  String of(Finding finding) {
    Set<Listing.Pair> shown = new LinkedHashSet<>();
    for (List<String> group : finding.files()) {
      group.stream().map(pairs::get).filter(pair -> pair != null).forEach(shown::add);
      if (shown.size() >= MOST) {
        break;
      }
    }
    return shown.isEmpty()
        ? ""
        : shown.stream()
            .limit(MOST)
            .map(this::figure)
            .collect(Collectors.joining("", "<div class=\"small\">", "</div>\n"));
  }

  private String figure(Listing.Pair pair) {
    String name = Page.escaped(pair.name());
    return "<figure>%s%s<figcaption>%s</figcaption></figure>"
        .formatted(
            photograph(pair.image()).map(picture -> image(picture, name)).orElse("<span></span>"),
            mask(pair.mask()).map(picture -> image(picture, "mask of " + name)).orElse(""),
            name);
  }

  private static String image(Picture picture, String text) {
    return "<img src=\"%s\" alt=\"%s\">"
        .formatted(Thumbnail.address(Thumbnail.of(picture, SIDE)), text);
  }

  private static Optional<Picture> photograph(Path file) {
    try {
      return Optional.of(ImageFiles.readRgb(file));
    } catch (DataException unreadable) {
      return Optional.empty(); // the finding says so
    }
  }

  /** In its own colours, or, if it holds values, in one colour for each, whatever they mean. */
  private Optional<Picture> mask(Path file) {
    try {
      LabelMap labels = ImageFiles.readLabels(file);
      byte[] rgb = new byte[3 * labels.values().length];
      for (int i = 0; i < rgb.length; i++) {
        int value = labels.values()[i / 3];
        int colour = values.rgb(value % (Sample.VOID + 1));
        rgb[i] = (byte) (colour >> (8 * (2 - i % 3)));
      }
      return Optional.of(new Picture(labels.width(), labels.height(), rgb));
    } catch (DataException noValues) {
      return photograph(file);
    }
  }
}
