package org.segtrain.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Caption;
import org.segtrain.data.internal.ClassShares;
import org.segtrain.data.internal.Legend;
import org.segtrain.data.internal.Stacked;
import org.segtrain.inference.internal.Segmenter;

/**
 * Pictures of photograph, labels and prediction side by side, with the name of the photograph and
 * the classes that occur where Java finds a font.
 */
final class PredictionSheet {

  private static final List<String> COLUMNS = List.of("photograph", "labels", "prediction");

  private PredictionSheet() {}

  /**
   * Writes the first {@code count} samples of the validation split; returns how many there were.
   */
  static int write(
      RunFolder run, TrainConfig config, Dataset dataset, Segmenter segmenter, int count) {
    Palette palette = DatasetVariant.palette(config, dataset.classes().size());
    int pictures = Math.min(count, dataset.size(Split.VALIDATION));
    for (int i = 0; i < pictures; i++) {
      long index = (long) i * dataset.size(Split.VALIDATION) / pictures;
      Sample sample = dataset.read(Split.VALIDATION, (int) index);
      byte[] predicted = segmenter.segment(sample.picture());
      Picture sheet =
          beside(
              sample.width(),
              sample.height(),
              List.of(
                  sample.rgb(), colours(sample.labels(), palette), colours(predicted, palette)));
      ImageFiles.writeRgb(
          run.picture(i), captioned(sheet, sample, predicted, dataset.classes(), palette));
    }
    return pictures;
  }

  private static Photograph captioned(
      Picture sheet, Sample sample, byte[] predicted, List<String> classes, Palette palette) {
    if (!Legend.hasWords()) {
      return sheet;
    }
    byte[] both = Arrays.copyOf(sample.labels(), 2 * predicted.length);
    System.arraycopy(predicted, 0, both, predicted.length, predicted.length);
    Caption caption = new Caption(sheet.width());
    return new Stacked(
        List.of(
            caption.title(sample.name()),
            caption.row(COLUMNS),
            sheet,
            caption.legend(ClassShares.namesOf(both, classes, palette))));
  }

  private static byte[] colours(byte[] labels, Palette palette) {
    byte[] rgb = new byte[3 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      int colour = palette.rgb(Byte.toUnsignedInt(labels[i]));
      rgb[3 * i] = (byte) (colour >> 16);
      rgb[3 * i + 1] = (byte) (colour >> 8);
      rgb[3 * i + 2] = (byte) colour;
    }
    return rgb;
  }

  private static Picture beside(int width, int height, List<byte[]> pictures) {
    int line = 3 * width;
    byte[] rgb = new byte[line * height * pictures.size()];
    IntStream.range(0, height * pictures.size())
        .forEach(
            i -> {
              byte[] picture = pictures.get(i % pictures.size());
              System.arraycopy(picture, i / pictures.size() * line, rgb, i * line, line);
            });
    return new Picture(width * pictures.size(), height, rgb);
  }
}
