package org.segtrain.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/** Some samples of a split of another data set, and of its other splits none. */
public final class ChosenDataset implements Dataset {

  private final Dataset all;
  private final Split split;
  private final List<Integer> indices;

  private ChosenDataset(Dataset all, Split split, List<Integer> indices) {
    this.all = all;
    this.split = split;
    this.indices = indices;
  }

  /**
   * Those that a text file names, one a line: by the name of the image, with its ending or without,
   * or by the end of its path.
   *
   * @throws DataException if the list cannot be read, or names what the split has not, or has twice
   */
  public static ChosenDataset of(Dataset all, Split split, Path list) {
    Map<String, List<Integer>> byName = new HashMap<>();
    for (int i = 0; i < all.size(split); i++) {
      byName.computeIfAbsent(bare(all.file(split, i)), name -> new ArrayList<>()).add(i);
    }
    Set<Integer> chosen = new LinkedHashSet<>();
    int number = 0;
    for (String line : lines(list)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String wanted = line.strip().replace('\\', '/');
      List<Integer> found =
          byName.getOrDefault(bare(wanted), List.of()).stream()
              .filter(i -> isNamed(all.file(split, i), wanted))
              .toList();
      if (found.size() != 1) {
        throw new DataException(
            "line %d of %s is \"%s\", which is the name of %d of the %d %s images of %s; write one name a line, as in %s"
                .formatted(
                    number,
                    list,
                    line.strip(),
                    found.size(),
                    all.size(split),
                    split,
                    all.name(),
                    bare(all.file(split, 0))));
      }
      chosen.add(found.get(0));
    }
    if (chosen.isEmpty()) {
      throw new DataException("%s names no image; write one name a line".formatted(list));
    }
    return new ChosenDataset(all, split, List.copyOf(chosen));
  }

  private static List<String> lines(Path list) {
    try {
      return TextFile.read(list).lines().toList();
    } catch (CharacterCodingException e) {
      throw new DataException("%s is no UTF-8 text; save it so".formatted(list), e);
    } catch (IOException e) {
      throw new DataException(
          "cannot read the list %s: %s; let it be a readable file with one name a line"
              .formatted(list, IoReason.of(e)),
          e);
    }
  }

  /** The name of a file without folders and ending. */
  private static String bare(String path) {
    String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static boolean isNamed(String file, String wanted) {
    String path = "/" + file.replace('\\', '/');
    String end = "/" + wanted.replaceFirst("^(\\./|/)+", "");
    int dot = path.lastIndexOf('.');
    return path.endsWith(end)
        || (dot > path.lastIndexOf('/') && path.substring(0, dot).endsWith(end));
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public List<String> classes() {
    return all.classes();
  }

  @Override
  public int size(Split asked) {
    return asked == split ? indices.size() : 0;
  }

  @Override
  public Sample read(Split asked, int index) {
    return all.read(asked, indices.get(index));
  }

  @Override
  public LabelledPhotograph open(Split asked, int index) {
    return all.open(asked, indices.get(index));
  }

  @Override
  public String file(Split asked, int index) {
    return all.file(asked, indices.get(index));
  }
}
