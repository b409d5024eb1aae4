package org.segtrain.data.internal;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;

/** A picture of the colours of classes beside their names, in columns. */
public final class Legend {

  private static final int ROWS = 25;
  private static final int ROW = 24;
  private static final int COLUMN = 240;
  private static final int MARGIN = 4;

  private Legend() {}

  /** Whether Java can write words here. A machine without fonts, or without the library, cannot. */
  public static boolean hasWords() {
    try {
      Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, ROW / 2));
      graphics.drawString("a", 0, 1);
      graphics.dispose();
      return true;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return false;
    }
  }

  /**
   * Draws it.
   *
   * @param words whether with the names; else with the colours alone, in the same places
   */
  public static Picture draw(List<String> classes, Palette palette, boolean words) {
    List<Entry> entries = new ArrayList<>();
    for (int k = 0; k < classes.size(); k++) {
      entries.add(new Entry(palette.rgb(k), "%d %s".formatted(k, classes.get(k))));
    }
    return draw(entries, words);
  }

  /**
   * A colour and what it means.
   *
   * @param rgb {@code 0xRRGGBB}
   */
  public record Entry(int rgb, String text) {}

  /** Draws any entries. */
  public static Picture draw(List<Entry> entries, boolean words) {
    int columns = (entries.size() + ROWS - 1) / ROWS;
    int rows = Math.min(ROWS, entries.size());
    BufferedImage image =
        new BufferedImage(columns * COLUMN, rows * ROW, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    if (words) {
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, ROW / 2));
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    }
    for (int k = 0; k < entries.size(); k++) {
      int x = k / ROWS * COLUMN + MARGIN;
      int y = k % ROWS * ROW + MARGIN;
      graphics.setColor(new Color(entries.get(k).rgb()));
      graphics.fillRect(x, y, ROW, ROW - 2 * MARGIN);
      if (words) {
        graphics.setColor(Color.BLACK);
        graphics.drawString(entries.get(k).text(), x + ROW + MARGIN, y + ROW / 2);
      }
    }
    graphics.dispose();
    return Pixels.picture(image);
  }
}
