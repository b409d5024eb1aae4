package org.segtrain.inference;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.internal.Results;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.inference.internal.CocoResults;

/**
 * Writes the mask of one photograph to a stream, for results that are no files of this machine.
 *
 * @param format a palette PNG, the bytes of {@link Predictions}; or the run lengths of this
 *     photograph alone
 * @param palette colours of the classes
 */
public record MaskWriter(MaskFormat format, Palette palette) {

  /**
   * Where the mask of a photograph is below the folder of results, {@code masks/NAME.png}.
   *
   * @param name of the photograph
   */
  public static String place(MaskFormat format, String name) {
    return switch (format) {
      case PNG -> "%s/%s.png".formatted(Results.MASKS, name);
      case COCO_RLE -> "rle/%s.json".formatted(name);
    };
  }

  /**
   * Writes it. The stream stays open.
   *
   * @param number of the photograph, from 1
   * @param labels the class of each pixel, {@code H*W} bytes
   */
  public void write(OutputStream out, int number, String name, int width, byte[] labels)
      throws IOException {
    switch (format) {
      case PNG -> ImageFiles.writeMask(out, width, labels.length / width, labels, palette);
      case COCO_RLE ->
          out.write(CocoResults.text(number, name, labels, width).getBytes(StandardCharsets.UTF_8));
    }
  }
}
