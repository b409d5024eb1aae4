package org.segtrain.tensors;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.segtrain.errors.DataException;

/** Tells the forms apart by their first bytes, whatever the file is called. */
final class Formats {

  private static final int LOOKED_AT = 512;
  private static final int TAR_MARK = 257; // its position

  private Formats() {}

  static Contents contents(FileBytes file) {
    byte[] first = file.bytes(0, Math.min(LOOKED_AT, file.size()));
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4")) {
      return TorchZip.contents(file);
    } else if (text.startsWith(LegacyTorch.START)) {
      return LegacyTorch.contents(file);
    } else if (text.length() > Long.BYTES && text.charAt(Long.BYTES) == '{') {
      return SafeTensorsReader.contents(file);
    }
    throw new DataException(
        "%s holds no weights: it is %s; what is read are safetensors and what torch.save writes"
            .formatted(file.file(), described(text)));
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
