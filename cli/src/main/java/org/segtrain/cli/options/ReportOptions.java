package org.segtrain.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.segtrain.check.DataCheck;
import org.segtrain.cli.texts.Csv;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.internal.Legend;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;
import org.segtrain.files.Draft;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.internal.ConfusionPicture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The outputs of an evaluation beside its table. */
@Command(optionListHeading = "%nOutput:%n")
public final class ReportOptions {

  @Option(names = "--json", description = "Print one object of JSON instead of the table.")
  private boolean json;

  @Option(
      names = "--confusion",
      paramLabel = "FILE",
      description =
          "Write the confusion matrix: pixels as FILE.csv, shares of each row as FILE.png; repeatable.")
  private List<Path> confusion = List.of();

  @Option(
      names = "--per-image",
      paramLabel = "FILE",
      description = "Write FILE.csv, a row for each image, the lowest mIoU first.")
  private Path perImage;

  public boolean isJson() {
    return json;
  }

  /** Whether any is given. */
  public boolean given() {
    return json || !confusion.isEmpty() || perImage != null;
  }

  /**
   * Looks at the names of the files before there is something to write.
   *
   * @throws UsageException if one has another ending, or is named twice
   * @throws DataException if one is there
   */
  public void check() {
    List<Path> all = new ArrayList<>(confusion);
    for (Path file : confusion) {
      requireEnding("--confusion", file, List.of(".csv", ".png"));
    }
    if (perImage != null) {
      requireEnding("--per-image", perImage, List.of(".csv"));
      all.add(perImage);
    }
    Set<Path> seen = new HashSet<>();
    for (Path file : all) {
      if (!seen.add(file.toAbsolutePath().normalize())) {
        throw new UsageException(
            "%s is named twice, so one table would replace the other; give each its own name"
                .formatted(file));
      }
      requireFree(file);
    }
  }

  /**
   * Refuses a picture that would be taken for an image or a mask of the data.
   *
   * @param data that have them
   * @throws DataException if one would be
   */
  public void refuseAmong(TrainConfig data) {
    for (Path file : confusion) {
      if (hasEnding(file, ".png") && DataCheck.isAmongData(data, file)) {
        throw new DataException(
            "%s is among the images or masks of the data, so it would be taken for one; choose another folder"
                .formatted(file));
      }
    }
  }

  private static void requireEnding(String option, Path file, List<String> endings) {
    if (endings.stream().noneMatch(ending -> hasEnding(file, ending))) {
      throw new UsageException(
          "%s is a file whose name ends in %s, but is %s"
              .formatted(option, String.join(" or ", endings), file));
    }
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /**
   * Refuses a file that is there, or for which there is no place.
   *
   * @throws DataException if it is so
   */
  public static void requireFree(Path file) {
    if (Files.exists(file)) {
      throw new DataException(
          "%s is there, and is not overwritten; give another name, or remove it".formatted(file));
    }
    Draft.ofFile(file).close();
  }

  /**
   * Writes the files that were asked for.
   *
   * @return their names, and a note if they lack the names of classes
   * @throws DataException if one cannot be written
   */
  public List<String> write(Evaluation evaluation) {
    List<String> written = new ArrayList<>();
    for (Path file : confusion) {
      if (hasEnding(file, ".csv")) {
        write(file, Csv.confusion(evaluation));
        written.add(file.toString());
      } else {
        boolean words = Legend.hasWords();
        ImageFiles.writeRgb(file, ConfusionPicture.draw(evaluation, words));
        written.add(file + (words ? "" : " (without names, since Java finds no font here)"));
      }
    }
    if (perImage != null) {
      write(perImage, Csv.images(evaluation));
      written.add(perImage.toString());
    }
    return written;
  }

  private static void write(Path file, String text) {
    try {
      Draft.write(file, text);
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
