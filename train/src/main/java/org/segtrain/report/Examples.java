package org.segtrain.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.data.Dataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.LabelledPhotograph;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Pixels;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;
import org.segtrain.page.internal.Thumbnail;

/**
 * The worst and best images of an evaluation by their mIoU: photograph, labels, prediction and
 * errors side by side, small.
 */
final class Examples {

  /** Pictures of an image. */
  static final List<String> PANELS = List.of("photograph", "labels", "prediction", "errors");

  private static final int EACH = 3; // of either kind
  private static final int SIDE = 360; // of a panel, pixels
  private static final long LARGEST = 32_000_000; // pixels of an image that is read whole
  static final int ERROR = 0xE6007E;

  /**
   * One of them.
   *
   * @param kind worst or best
   * @param number from 1, the worst or best of all first
   * @param image what was counted on it
   */
  record Example(String kind, int number, ImageCounts image) {}

  private Examples() {}

  /** Those of an evaluation, the worst first; each image once. */
  static List<Example> of(Evaluation evaluation) {
    List<ImageCounts> images =
        new ArrayList<>(evaluation.worstFirst().stream().filter(Examples::isShown).toList());
    int worst = Math.min(EACH, (images.size() + 1) / 2);
    List<Example> examples = new ArrayList<>(numbered("worst", images.subList(0, worst)));
    List<ImageCounts> rest = new ArrayList<>(images.subList(worst, images.size()));
    Collections.reverse(rest);
    examples.addAll(numbered("best", rest.subList(0, Math.min(EACH, rest.size()))));
    return examples;
  }

  private static boolean isShown(ImageCounts image) {
    return image.pixels() > 0 && (long) image.width() * image.height() <= LARGEST;
  }

  private static List<Example> numbered(String kind, List<ImageCounts> images) {
    List<Example> examples = new ArrayList<>();
    for (ImageCounts image : images) {
      examples.add(new Example(kind, examples.size() + 1, image));
    }
    return examples;
  }

  /**
   * Writes their pictures into the folder of a run.
   *
   * @param model the class of each pixel of a photograph
   */
  static void write(
      RunFolder run,
      Palette palette,
      Dataset dataset,
      Evaluation evaluation,
      Function<Photograph, byte[]> model) {
    for (Example example : of(evaluation)) {
      LabelledPhotograph image = dataset.open(Split.VALIDATION, example.image().index());
      byte[] predicted = model.apply(image.photograph());
      BufferedImage sheet = sheet(image.photograph(), image.labels(), predicted, palette);
      ImageFiles.writeRgb(run.example(example.kind(), example.number()), Pixels.picture(sheet));
    }
  }

  private static BufferedImage sheet(
      Photograph photograph, byte[] labels, byte[] predicted, Palette palette) {
    BufferedImage small = Thumbnail.of(photograph.whole(), SIDE);
    int width = small.getWidth();
    BufferedImage sheet =
        new BufferedImage(PANELS.size() * width, small.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.drawImage(small, 0, 0, null);
    graphics.dispose();
    for (int y = 0; y < small.getHeight(); y++) {
      int row = middle(y, photograph.height(), small.getHeight()) * photograph.width();
      for (int x = 0; x < width; x++) {
        int i = row + middle(x, photograph.width(), width);
        int label = labels[i] & 0xFF;
        int found = predicted[i] & 0xFF;
        boolean wrong = label != Sample.VOID && label != found;
        sheet.setRGB(width + x, y, palette.rgb(label));
        sheet.setRGB(2 * width + x, y, palette.rgb(found));
        sheet.setRGB(3 * width + x, y, wrong ? ERROR : pale(small.getRGB(x, y)));
      }
    }
    return sheet;
  }

  /** The pixel of {@code all} in the middle of pixel {@code i} of {@code few}. */
  private static int middle(int i, int all, int few) {
    return (int) ((2L * i + 1) * all / (2L * few));
  }

  /** Grey, and nearer to white. */
  private static int pale(int rgb) {
    int grey = (3 * (rgb >> 16 & 0xFF) + 6 * (rgb >> 8 & 0xFF) + (rgb & 0xFF)) / 10;
    return (128 + grey / 2) * 0x010101;
  }

  /** The pictures of a written one, in the order of {@link #PANELS}. */
  static List<BufferedImage> panels(RunFolder run, Example example) {
    BufferedImage sheet =
        Pixels.image(ImageFiles.readRgb(run.example(example.kind(), example.number())));
    int width = sheet.getWidth() / PANELS.size();
    List<BufferedImage> panels = new ArrayList<>();
    for (int i = 0; i < PANELS.size(); i++) {
      panels.add(sheet.getSubimage(i * width, 0, width, sheet.getHeight()));
    }
    return panels;
  }
}
