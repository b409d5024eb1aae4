package org.segtrain.tensors;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.segtrain.errors.DataException;
import org.segtrain.files.FileKind;

/** Tells the forms apart by their first bytes, whatever the file is called. */
final class Formats {

  private static final String ZIP = "PK\3\4";

  private Formats() {}

  static Contents contents(FileBytes file) {
    String text = start(file);
    if (text.startsWith(ZIP)) {
      return TorchZip.contents(file);
    } else if (text.startsWith(LegacyTorch.START)) {
      return LegacyTorch.contents(file);
    } else if (isSafeTensors(text)) {
      return SafeTensorsReader.contents(file);
    }
    throw new DataException(
        "%s holds no weights: it is %s; use safetensors or a file of torch.save"
            .formatted(file.file(), FileKind.words(FileKind.of(first(file)))));
  }

  /**
   * Refuses a file that begins as one in another form does.
   *
   * @throws DataException saying in which
   */
  static void refuseUnlessSafeTensors(FileBytes file) {
    String text = start(file);
    if (text.startsWith(ZIP) || text.startsWith(LegacyTorch.START)) {
      throw new DataException(
          "%s is no checkpoint of segtrain: it is %s; load it as a file of weights, or name an exported file .pt"
              .formatted(
                  file.file(),
                  text.startsWith(ZIP) ? FileKind.ZIP : "a file of torch.save before 1.6"));
    }
    Optional<FileKind> other = FileKind.of(first(file));
    if (!isSafeTensors(text) && other.isPresent() && other.get() != FileKind.EMPTY) {
      throw new DataException(
          "%s is no checkpoint of segtrain: it is %s; give the folder of a run, a checkpoint in it, or an exported file"
              .formatted(file.file(), other.get()));
    }
  }

  private static byte[] first(FileBytes file) {
    return file.bytes(0, Math.min(FileKind.LOOKED_AT, file.size()));
  }

  private static String start(FileBytes file) {
    return new String(first(file), StandardCharsets.ISO_8859_1);
  }

  /** Behind the length of the header, which is no text, the header begins. */
  private static boolean isSafeTensors(String text) {
    return text.length() > Long.BYTES
        && text.charAt(Long.BYTES) == '{'
        && text.charAt(Long.BYTES - 1) < ' ';
  }
}
