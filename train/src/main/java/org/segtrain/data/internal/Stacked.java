package org.segtrain.data.internal;

import java.util.Arrays;
import java.util.List;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;

/**
 * Pictures one below the other, flush left on white. Rows are made when they are asked for, so that
 * one that is too large for the memory stays in its file.
 */
public record Stacked(List<Photograph> pictures) implements Photograph {

  public Stacked {
    pictures = List.copyOf(pictures);
  }

  @Override
  public int width() {
    return pictures.stream().mapToInt(Photograph::width).max().orElseThrow();
  }

  @Override
  public int height() {
    return pictures.stream().mapToInt(Photograph::height).reduce(0, Math::addExact);
  }

  @Override
  public Picture part(int left, int top, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 0xFF);
    int above = 0; // rows of the pictures before
    for (Photograph picture : pictures) {
      int from = Math.max(top, above);
      int to = Math.min(top + height, above + picture.height());
      int columns = Math.min(left + width, picture.width()) - left;
      if (from < to && columns > 0) {
        byte[] some = picture.part(left, from - above, columns, to - from).rgb();
        for (int y = from; y < to; y++) {
          int row = 3 * columns;
          System.arraycopy(some, (y - from) * row, rgb, 3 * (y - top) * width, row);
        }
      }
      above += picture.height();
    }
    return new Picture(width, height, rgb);
  }

  @Override
  public Picture whole() {
    return part(0, 0, width(), height());
  }
}
