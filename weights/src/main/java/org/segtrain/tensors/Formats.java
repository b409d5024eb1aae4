package org.segtrain.tensors;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.segtrain.errors.DataException;

/** Tells the forms apart by their first bytes, whatever the file is called. */
final class Formats {

  private static final String ZIP = "PK\3\4";
  private static final int LOOKED_AT = 512;
  private static final int TAR_MARK = 257; // its position

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
        "%s holds no weights: it is %s; what is read are safetensors and what torch.save writes"
            .formatted(file.file(), described(text)));
  }

  /**
   * Refuses a file that begins as one in another form does.
   *
   * @throws DataException saying in which
   */
  static void refuseUnlessSafeTensors(FileBytes file) {
    String text = start(file);
    String other =
        text.startsWith(ZIP)
            ? "a zip file, as torch.save, TorchScript and exports are"
            : text.startsWith(LegacyTorch.START) ? "what torch.save wrote before 1.6" : null;
    if (other != null) {
      throw new DataException(
          "%s is no checkpoint of segtrain: it is %s; load it as a file of weights, or name an exported file .pt"
              .formatted(file.file(), other));
    }
  }

  private static String start(FileBytes file) {
    byte[] first = file.bytes(0, Math.min(LOOKED_AT, file.size()));
    return new String(first, StandardCharsets.ISO_8859_1);
  }

  private static boolean isSafeTensors(String text) {
    return text.length() > Long.BYTES && text.charAt(Long.BYTES) == '{';
  }

  private static String described(String text) {
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return "empty";
    } else if (start.startsWith("<!doctype") || start.startsWith("<html")) {
      return "a web page";
    } else if (start.startsWith("version https://git-lfs")) {
      return "a pointer of git-lfs, and \"git lfs pull\" fetches the file";
    } else if (text.startsWith("ustar", TAR_MARK)) {
      return "a tar archive, perhaps of PyTorch before 0.1.10";
    } else if (text.startsWith("\u0080")) {
      return "a bare pickle";
    }
    return "in no form that is known";
  }
}
