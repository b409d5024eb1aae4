package org.segtrain.metrics.internal;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.segtrain.data.Picture;
import org.segtrain.data.internal.Pixels;
import org.segtrain.metrics.Evaluation;

/**
 * A confusion matrix as a picture: a row for each true class, whose cells show the share of its
 * pixels that became each class, from white to blue. A row without a pixel is grey.
 */
public final class ConfusionPicture {

  private static final int SIDE = 800; // of the matrix, about, pixels
  private static final int SMALLEST = 8; // cells
  private static final int LARGEST = 40;
  private static final int ROOM = 28; // of a cell that has a number
  private static final int NAMES = 180; // pixels for them
  private static final int MARGIN = 6;
  private static final Color FULL = new Color(8, 48, 107);
  private static final Color NOTHING = new Color(224, 224, 224);

  private final Evaluation evaluation;
  private final int classes;
  private final int cell;

  private ConfusionPicture(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.classes = evaluation.classes().size();
    this.cell = Math.max(SMALLEST, Math.min(LARGEST, SIDE / classes));
  }

  /**
   * Draws it.
   *
   * @param words whether with the names of the classes; else with the colours alone, in the same
   *     places
   */
  public static Picture draw(Evaluation evaluation, boolean words) {
    return new ConfusionPicture(evaluation).draw(words);
  }

  private Picture draw(boolean words) {
    int side = NAMES + classes * cell + MARGIN;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, side, side);
    if (words) {
      int size = Math.max(SMALLEST - 1, Math.min(12, cell - 2));
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      drawNames(graphics);
    }
    for (int k = 0; k < classes; k++) {
      drawRow(graphics, k, words && cell >= ROOM);
    }
    graphics.dispose();
    return Pixels.picture(image);
  }

  private void drawRow(Graphics2D graphics, int label, boolean numbers) {
    List<Long> counts = evaluation.confusion().get(label);
    long all = counts.stream().mapToLong(Long::longValue).sum();
    for (int k = 0; k < classes; k++) {
      int x = NAMES + k * cell;
      int y = NAMES + label * cell;
      double share = all == 0 ? 0 : counts.get(k) / (double) all;
      graphics.setColor(all == 0 ? NOTHING : shade(share));
      graphics.fillRect(x, y, cell - 1, cell - 1);
      String number = String.format(Locale.ROOT, "%.0f", 100 * share);
      if (numbers && !number.equals("0")) {
        FontMetrics font = graphics.getFontMetrics();
        graphics.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
        graphics.drawString(
            number, x + (cell - font.stringWidth(number)) / 2, y + (cell + font.getAscent()) / 2);
      }
    }
  }

  private static Color shade(double share) {
    return new Color(
        between(FULL.getRed(), share),
        between(FULL.getGreen(), share),
        between(FULL.getBlue(), share));
  }

  private static int between(int full, double share) {
    return (int) Math.round(255 + share * (full - 255));
  }

  /** On the left, and from bottom to top above; in the corner what they are. */
  private void drawNames(Graphics2D graphics) {
    FontMetrics font = graphics.getFontMetrics();
    graphics.setColor(Color.BLACK);
    graphics.drawString("% of the labelled pixels", MARGIN, MARGIN + font.getHeight());
    graphics.drawString("rows: labelled as", MARGIN, MARGIN + 2 * font.getHeight());
    graphics.drawString("columns: predicted as", MARGIN, MARGIN + 3 * font.getHeight());
    AffineTransform upright = graphics.getTransform();
    for (int k = 0; k < classes; k++) {
      String name = cut(evaluation.classes().get(k), font);
      int along = NAMES + k * cell + (cell + font.getAscent()) / 2;
      graphics.drawString(name, NAMES - MARGIN - font.stringWidth(name), along);
      graphics.rotate(-Math.PI / 2);
      graphics.drawString(name, MARGIN - NAMES, along);
      graphics.setTransform(upright);
    }
  }

  /** As much of the name as there is room for. */
  private static String cut(String name, FontMetrics font) {
    int length = name.length();
    while (font.stringWidth(name.substring(0, length)) > NAMES - 2 * MARGIN) {
      length--;
    }
    return name.substring(0, length);
  }
}
