package org.segtrain.check;

import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.config.DataConfig;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Order;
import org.segtrain.errors.DataException;
import org.segtrain.images.PixelSize;

/**
 * The share of training crops without a pixel of a class, found by drawing some, as training would.
 * Only images whose void is as large as a crop can have one; images that are all void are another
 * finding.
 *
 * @param share of the crops, 0-1
 * @param ofLabelled share of the crops that are such, of images with a labelled pixel, 0-1
 * @param images that can have one
 */
record VoidCrops(double share, double ofLabelled, List<Read> images) {

  private static final int MOST = 100; // images that crops are drawn from
  private static final int CROPS = 8; // of each
  private static final double MANY = 0.01; // share of the crops

  static VoidCrops of(Evidence evidence) {
    DataConfig data = evidence.config().data();
    List<Read> training = evidence.pairs(Split.TRAINING);
    List<Read> candidates = training.stream().filter(read -> canBeVoid(read, data)).toList();
    int drawn = Math.min(MOST, candidates.size());
    List<Read> some =
        IntStream.range(0, drawn)
            .mapToObj(i -> candidates.get((int) ((long) i * candidates.size() / drawn)))
            .toList();
    double empty =
        some.parallelStream().mapToDouble(read -> read.weight() * empty(evidence, read)).sum();
    double ofThem = some.isEmpty() ? 0 : empty / (CROPS * turns(some));
    double whole = turns(training.stream().filter(read -> read.voidShare() == 1).toList());
    double all = training.isEmpty() ? 1 : turns(training);
    double partly = ofThem * turns(candidates) / all;
    return new VoidCrops(whole / all + partly, partly, candidates);
  }

  /** How often they come in an epoch, on average. */
  private static double turns(List<Read> reads) {
    return reads.stream().mapToDouble(Read::weight).sum();
  }

  private static boolean canBeVoid(Read read, DataConfig data) {
    return read.voidShare() < 1 && read.voidShare() >= covered(read, data);
  }

  /** The smallest share of an image that a crop can cover. */
  private static double covered(Read read, DataConfig data) {
    double width = read.mask().width();
    double height = read.mask().height();
    PixelSize resized =
        data.images()
            .resized(new PixelSize(read.mask().width(), read.mask().height()), data.sizes());
    double scale = data.maxScale() * resized.width() / width;
    double across = Math.min(1, data.crop().width() / (scale * width));
    double down = Math.min(1, data.crop().height() / (scale * height));
    return 0.9 * across * down; // edges are rounded, and aspects vary
  }

  private static long empty(Evidence evidence, Read read) {
    Preparation preparation = evidence.config().preparation();
    long empty = 0;
    try {
      Sample sample = evidence.files().read(read.pair());
      for (int i = 0; i < CROPS; i++) {
        long seed = evidence.config().run().seed();
        Sample crop = preparation.apply(sample, Order.random(seed, i, read.image().hashCode()));
        empty += isVoid(crop) ? 1 : 0;
      }
    } catch (DataException wrong) {
      return 0; // another finding says so
    }
    return empty;
  }

  private static boolean isVoid(Sample sample) {
    for (byte label : sample.labels()) {
      if (label != (byte) Sample.VOID) {
        return false;
      }
    }
    return true;
  }

  List<Finding> findings() {
    return ofLabelled <= MANY
        ? List.of()
        : List.of(
            Finding.of(
                Kind.VOID_CROPS,
                "%.1f %% of the training crops have no pixel with a class though their image has, so they teach nothing"
                    .formatted(100 * ofLabelled),
                "raise data.crop, lower data.maxScale, or label more",
                images.stream().map(read -> List.of(read.maskFile())).toList()));
  }
}
