package org.segtrain.data;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.HeapFull;

/** Images with their masks in files. A split is listed when it is first asked for. */
final class LabelledImages implements Dataset, HeaderCheck {

  private final String name;
  private final ClassTable classes;
  private final Layout layout;
  private final Masks masks;
  private final Map<Split, List<Layout.Pair>> pairs = new EnumMap<>(Split.class);

  LabelledImages(String name, ClassTable classes, Masks masks, Layout layout) {
    this.name = name;
    this.classes = classes;
    this.masks = masks;
    this.layout = layout;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classes() {
    return classes.names();
  }

  @Override
  public int size(Split split) {
    return pairs(split).size();
  }

  /** Whether there is such a split. */
  boolean has(Split split) {
    return layout.has(split);
  }

  @Override
  public String file(Split split, int index) {
    return pairs(split).get(index).image().toString();
  }

  private synchronized List<Layout.Pair> pairs(Split split) {
    return pairs.computeIfAbsent(split, layout::pairs);
  }

  @Override
  public Sample read(Split split, int index) {
    List<Layout.Pair> all = pairs(split);
    try {
      return read(all.get(index), all);
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(file(split, index), e);
    }
  }

  private Sample read(Layout.Pair pair, List<Layout.Pair> all) {
    Picture picture = ImageFiles.readRgb(pair.image());
    Masks.Labels labels =
        masks.read(pair.mask(), () -> all.stream().map(Layout.Pair::mask).toList());
    pair.requireOneSize(
        new Extent(picture.width(), picture.height()), new Extent(labels.width(), labels.height()));
    return new Sample(
        pair.name(), picture.width(), picture.height(), picture.rgb(), labels.values());
  }

  @Override
  public void checkHeaders(Split split) {
    pairs(split).parallelStream()
        .flatMap(pair -> pair.inHeaders().stream())
        .findFirst()
        .ifPresent(
            wrong -> {
              throw wrong;
            });
  }

  /** The classes with their colours. */
  ClassTable table() {
    return classes;
  }

  /** Where its files are, for people. */
  Path folder() {
    return layout.dir();
  }
}
