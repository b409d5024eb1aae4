package org.segtrain.data.internal;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.data.Picture;

/**
 * Words above and below a picture, on white, as large as the picture asks for. Java needs a font
 * for them: {@link Legend#hasWords}.
 *
 * @param width of the picture, pixels
 */
public record Caption(int width) {

  private static final int NARROWEST = 320; // of lines, pixels
  private static final int WIDEST = 4096;
  private static final int LOWEST = 20; // of a line, pixels
  private static final int HIGHEST = 96;
  private static final int LINES = 45; // as many of them as a picture is wide

  /** A word or swatch and its place, pixels. */
  private record Placed(int x, int line, int entry) {}

  /** One line, of which the end is shown if it is too long: it tells files apart. */
  public Picture title(String text) {
    return row(List.of(text));
  }

  /** One line with a text at the left of each of equal columns. */
  public Picture row(List<String> texts) {
    BufferedImage image = blank(1);
    Graphics2D graphics = graphics(image);
    int column = texts.size() == 1 ? across() : width / texts.size();
    for (int i = 0; i < texts.size(); i++) {
      graphics.drawString(
          cut(texts.get(i), column - 2 * gap(), graphics.getFontMetrics()),
          i * column + gap(),
          base(0));
    }
    graphics.dispose();
    return Pixels.picture(image);
  }

  /** Colours and what they mean, in as many lines as they take. */
  public Picture legend(List<Legend.Entry> entries) {
    Graphics2D measure = graphics(blank(1));
    FontMetrics metrics = measure.getFontMetrics();
    int most = across() - 3 * gap() - swatch();
    List<String> texts = entries.stream().map(entry -> cut(entry.text(), most, metrics)).toList();
    List<Placed> places = places(texts, metrics);
    measure.dispose();
    int lines = places.get(places.size() - 1).line() + 1;
    BufferedImage image = blank(lines);
    Graphics2D graphics = graphics(image);
    for (Placed placed : places) {
      graphics.setColor(new Color(entries.get(placed.entry()).rgb()));
      int top = placed.line() * line() + (line() - swatch()) / 2;
      graphics.fillRect(placed.x(), top, swatch(), swatch());
      graphics.setColor(Color.BLACK);
      graphics.drawRect(placed.x(), top, swatch(), swatch()); // white has a border too
      graphics.drawString(
          texts.get(placed.entry()), placed.x() + swatch() + gap(), base(placed.line()));
    }
    graphics.dispose();
    return Pixels.picture(image);
  }

  private List<Placed> places(List<String> texts, FontMetrics metrics) {
    List<Placed> places = new ArrayList<>();
    int x = gap();
    int line = 0;
    for (int i = 0; i < texts.size(); i++) {
      int room = swatch() + 3 * gap() + metrics.stringWidth(texts.get(i));
      if (x > gap() && x + room - gap() > across()) {
        x = gap();
        line++;
      }
      places.add(new Placed(x, line, i));
      x += room;
    }
    return places;
  }

  private static String cut(String text, int room, FontMetrics metrics) {
    String shown = text;
    while (shown.length() > 2 && metrics.stringWidth(shown) > room) {
      shown = "\u2026" + shown.substring(shown.startsWith("\u2026") ? 2 : 1);
    }
    return shown;
  }

  private int across() {
    return Math.min(Math.max(width, NARROWEST), WIDEST);
  }

  private int line() {
    return Math.min(Math.max(across() / LINES, LOWEST), HIGHEST);
  }

  private int gap() {
    return line() / 4;
  }

  private int swatch() {
    return line() * 3 / 5;
  }

  private int base(int line) {
    return line * line() + line() * 7 / 10;
  }

  private BufferedImage blank(int lines) {
    return new BufferedImage(across(), lines * line(), BufferedImage.TYPE_INT_RGB);
  }

  private Graphics2D graphics(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, line() * 3 / 5));
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return graphics;
  }
}
