package org.segtrain.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kind of a file that was not expected, in words for a sentence. */
public enum FileKind {
  EMPTY("\\A\\z", "empty"),
  PAGE("(?i)\\s*<(!doctype|html)", "a web page"),
  POINTER("version https://git-lfs", "a pointer of git-lfs, and \"git lfs pull\" fetches the file"),
  CONFIGURATION("\\{\\s*\"config\"", "the configuration of a run"),
  LOG("\\{\"step\"", "the log of a run"),
  CARD("\\{\\s*\"format\" ?: ?\"segtrain export", "the description of an exported model"),
  SHARD("\\{\\s*\"shard\"", "a shard of an evaluation"),
  JSON("\\s*[{\\[]\\s*[\"\\[{}\\]\\d-]", "JSON"),
  ZIP("PK\\x03\\x04", "a zip file, as torch.save, TorchScript and exports are"),
  GZIP("\\x1F\\x8B", "a gzip file"),
  PNG("\\x89PNG", "a PNG image"),
  JPEG("\\xFF\\xD8\\xFF", "a JPEG image"),
  TIFF("II[*+]\\x00|MM\\x00[*+]", "a TIFF image"),
  TAR("(?s).{257}ustar", "a tar archive, perhaps of PyTorch before 0.1.10"),
  PICKLE("\\x80", "a bare pickle"),
  TEXT("[\\t\\n\\r -~\\x80-\\xFF]+\\z", "a text");

  /** The first bytes of a file, which show what it is. */
  public static final int LOOKED_AT = 512;

  private static final String UNKNOWN = "of no known form";

  private final Pattern start;
  private final String words;

  FileKind(String start, String words) {
    this.start = Pattern.compile(start);
    this.words = words;
  }

  /**
   * The kind of a file that begins so; empty if it is not known.
   *
   * @param start its first {@link #LOOKED_AT} bytes, or all if it has fewer
   */
  public static Optional<FileKind> of(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return Stream.of(values()).filter(kind -> kind.start.matcher(text).lookingAt()).findFirst();
  }

  /** The kind of a file; empty if it is not known. */
  public static Optional<FileKind> of(Path file) throws IOException {
    try (InputStream in = Regular.open(file)) {
      return of(in.readNBytes(LOOKED_AT));
    }
  }

  /** Behind "it is": "a PNG image". */
  public static String words(Optional<FileKind> kind) {
    return kind.map(FileKind::toString).orElse(UNKNOWN);
  }

  @Override
  public String toString() {
    return words;
  }
}
