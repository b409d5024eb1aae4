package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExportFormatTest {

  @ParameterizedTest
  @ValueSource(strings = {"model.pt", "a/MODEL.PT", "model.v2.pth"})
  void anEndingSaysTheFormat(String file) {
    assertEquals(ExportFormat.TORCHSCRIPT, ExportFormat.ofEnding(Path.of(file)));
  }

  @Test
  void anotherEndingIsRefusedWithThoseThereAre() {
    Path file = Path.of("model.bin");
    String message =
        assertThrows(IllegalArgumentException.class, () -> ExportFormat.ofEnding(file))
            .getMessage();
    assertTrue(message.contains("model.bin"), message);
    assertTrue(message.contains(".pt or .pth (torchscript)"), message);
  }
}
