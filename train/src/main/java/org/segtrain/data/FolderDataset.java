package org.segtrain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segtrain.data.internal.Listing;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/**
 * A person's own images: {@code images/{training,validation}}, masks of the same names in {@code
 * annotations/{training,validation}}, and {@code classes.txt} with one class per line. A mask's
 * values are line numbers from 0; 255 is void. {@link DataFiles} declare other places and values.
 */
public final class FolderDataset {

  private static final String CLASSES = "classes.txt";
  private static final String USUAL = "0=background,255=foreground";
  private static final int MOST_VALUES = 8; // that are named in a sentence

  private FolderDataset() {}

  /**
   * Lists the files of {@code dir}; they are read later, one at a time.
   *
   * @throws DataException if a folder, a mask, an image or the class list is missing
   */
  public static Dataset open(Path dir) {
    Dataset dataset = open(dir, DataFiles.USUAL);
    dataset.size(Split.TRAINING);
    dataset.size(Split.VALIDATION);
    return dataset;
  }

  /**
   * Opens {@code dir}, whose files are where {@code files} say. A split is listed when it is first
   * asked for.
   *
   * @throws DataException if the folder or the class list is missing, or no files are there
   * @throws org.segtrain.errors.UsageException if {@code files} do not suit the classes
   */
  public static Dataset open(Path dir, DataFiles files) {
    return open(dir, files, List.of());
  }

  /**
   * The same, to measure a model on it.
   *
   * @param classes that the model tells apart, where the folder has no class list
   * @throws DataException if the folder is missing, or no files are there
   * @throws org.segtrain.errors.UsageException if {@code files} do not suit the classes
   */
  public static Dataset open(Path dir, DataFiles files, List<String> classes) {
    refuseUnlessFolder(dir);
    if (!classes.isEmpty() && files.labels().isEmpty() && !Files.exists(dir.resolve(CLASSES))) {
      return open("folder", ClassTable.of(classes), dir, files);
    }
    Path list = dir.resolve(CLASSES);
    boolean named = !Files.exists(list);
    if (named && files.labels().isEmpty()) {
      throw new DataException(
          "%s is missing; write one class name per line, or name the classes with files.labels, as in %s"
              .formatted(list, example(dir, files)));
    }
    ClassTable table = named ? ClassTable.of(LabelRule.classes(files)) : ClassTable.read(list);
    LabelRule rule = named ? LabelRule.ofLabels(files) : LabelRule.of(table, files);
    Layout layout = Layout.of(dir, files, true);
    return new LabelledImages(
        "folder", table, new Masks(rule, new ColourRule(table), files.colours()), layout);
  }

  /** Names for the values of a training mask, or for the usual ones if none can be read. */
  private static String example(Path dir, DataFiles files) {
    try {
      for (Listing.Pair pair : Layout.of(dir, files, true).listing(Split.TRAINING).pairs()) {
        int[] values =
            Arrays.stream(ImageFiles.readLabels(pair.mask()).values())
                .distinct()
                .sorted()
                .toArray();
        if (values.length > 1 && values.length <= MOST_VALUES) {
          return "%s for the values of %s".formatted(named(values), pair.mask());
        }
      }
    } catch (DataException | UsageException unreadable) {
      return USUAL; // what is wrong is said once there are classes
    }
    return USUAL;
  }

  /** "0=background,255=foreground"; of more than two values, 255 is void by convention. */
  private static String named(int... values) {
    boolean isVoid = values.length > 2 && values[values.length - 1] == Sample.VOID;
    int classes = values.length - (isVoid ? 1 : 0);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      String other = classes == 2 ? "foreground" : "class" + i;
      String name = i == 0 ? "background" : other;
      names.add(values[i] + "=" + (i < classes ? name : ClassTable.VOID));
    }
    return String.join(",", names);
  }

  /**
   * Opens a data set whose classes are known. Masks without an image are of no concern.
   *
   * @param name the name given to {@code --dataset}
   * @throws DataException if no files are there
   */
  public static Dataset open(String name, ClassTable table, Path dir, DataFiles files) {
    Masks masks = new Masks(LabelRule.of(table, files), new ColourRule(table), files.colours());
    return new LabelledImages(name, table, masks, Layout.of(dir, files, false));
  }

  /** The colours that its class list gives its classes, {@code #rrggbb}; empty if it gives none. */
  public static List<String> palette(Dataset dataset) {
    if (dataset instanceof JoinedDataset joined) {
      return palette(joined.first());
    }
    return dataset instanceof LabelledImages images
        ? images.table().colours().stream().map("#%06x"::formatted).toList()
        : List.of();
  }

  private static void refuseUnlessFolder(Path dir) {
    if (Files.isRegularFile(dir)) {
      throw new DataException(
          "%s is a file; unpack it if it is an archive, and give the folder of a data set"
              .formatted(dir));
    }
    if (!Files.isDirectory(dir)) {
      throw new DataException("%s is not a folder; give that of a data set".formatted(dir));
    }
  }

  /**
   * Reads the names of a list of classes, one a line.
   *
   * @throws DataException if it is missing, empty, too long, or names a class twice
   */
  public static List<String> readClasses(Path file) {
    return ClassTable.read(file).names();
  }
}
