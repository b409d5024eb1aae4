package org.segtrain.inference.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segtrain.data.Sample;
import org.segtrain.files.Draft;

/**
 * A file of predictions in COCO's format of results, an entry for each class of each image, whose
 * pixels are {@link RunLengths}. It is there, whole, when it is closed.
 */
public final class CocoResults implements AutoCloseable {

  /** The beginning of an entry of this class. */
  private static final Pattern HEAD =
      Pattern.compile("\\[\\s*\\{\"image_id\":\\d+,\"file_name\":\"(?s:.*)");

  private static final int HEAD_BYTES = 256;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Draft draft;
  private int images;
  private boolean hasEntries;

  /**
   * Where a class is in an image.
   *
   * @param image its number, from 1
   * @param file its name
   * @param category number of the class
   */
  record Entry(
      @JsonProperty("image_id") int image,
      @JsonProperty("file_name") String file,
      @JsonProperty("category_id") int category,
      Segmentation segmentation) {}

  /**
   * Run lengths.
   *
   * @param size height and width, pixels
   */
  record Segmentation(List<Integer> size, String counts) {}

  /**
   * Begins the file that is to be at {@code place}.
   *
   * @throws org.segtrain.errors.DataException if there can be none
   */
  public CocoResults(Path place) {
    this.draft = Draft.ofFile(place);
  }

  /** Whether the file at {@code file} was written by this class. */
  public static boolean isOwn(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
      return HEAD.matcher(head).matches();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Adds an image.
   *
   * @param labels {@code H*W} bytes
   */
  public void add(String file, byte[] labels, int width) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String entry : entries(images + 1, file, labels, width)) {
      text.append(hasEntries ? "," : "[").append('\n').append(entry);
      hasEntries = true;
    }
    Draft.append(draft.path(), text.toString());
    images++;
  }

  /**
   * The text of a file of one image.
   *
   * @param image its number, from 1
   * @param labels {@code H*W} bytes
   */
  public static String text(int image, String file, byte[] labels, int width) throws IOException {
    return entries(image, file, labels, width).stream()
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  /** An entry for each class that occurs. */
  private static List<String> entries(int image, String file, byte[] labels, int width)
      throws IOException {
    int height = labels.length / width;
    SortedMap<Integer, RunLengths> classes = runs(labels, width);
    classes.remove(Sample.VOID); // which is no class
    List<String> entries = new ArrayList<>();
    for (var lengths : classes.entrySet()) {
      Segmentation where =
          new Segmentation(List.of(height, width), lengths.getValue().text(labels.length));
      entries.add(MAPPER.writeValueAsString(new Entry(image, file, lengths.getKey(), where)));
    }
    return entries;
  }

  /** The runs of each class that occurs. */
  static SortedMap<Integer, RunLengths> runs(byte[] labels, int width) {
    SortedMap<Integer, RunLengths> runs = new TreeMap<>();
    long from = 0;
    byte label = labels[0];
    long at = 0;
    int height = labels.length / width;
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++, at++) {
        byte next = labels[y * width + x];
        if (next != label) {
          runs.computeIfAbsent(label & 0xFF, unused -> new RunLengths()).add(from, at);
          from = at;
          label = next;
        }
      }
    }
    runs.computeIfAbsent(label & 0xFF, unused -> new RunLengths()).add(from, at);
    return runs;
  }

  /**
   * Puts the file into its place, or leaves what was there if no class was added.
   *
   * @throws org.segtrain.errors.DataException if it cannot be written
   */
  @Override
  public void close() {
    try (draft) {
      if (hasEntries) {
        Draft.append(draft.path(), "\n]\n");
        draft.publish();
      }
    } catch (IOException e) {
      throw draft.failure(e);
    }
  }
}
