package org.segtrain.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfidentMaskTest {

  @Test
  void itsJsonIsThatOfAMaskWithConfidences() {
    ConfidentMask mask =
        new ConfidentMask(
            List.of("sky", "road"), new int[][] {{0, 1}}, new float[][] {{0.5f, 0.75f}});
    String wanted =
        """
        {"classes": ["sky", "road"], "mask": [[0, 1]], "confidence": [[0.5, 0.75]]}
        """;
    assertEquals(JsonParser.parseString(wanted), JsonParser.parseString(mask.toJson()));
  }
}
