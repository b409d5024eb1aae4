package org.segtrain.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models with UPerNet against those of the reference. */
@Tag("slow")
class UperNetParityTest {

  @ParameterizedTest
  @MethodSource("models")
  void agreesWithTheReference(Path file) {
    ParityTest.assertAgreesWithTheReference(file);
  }

  static List<Path> models() throws IOException {
    return ParityTest.goldenFiles(file -> HeadParityTest.isOne(file) && isOne(file));
  }

  /** Whether a file is of a model with UPerNet: {@code hrvit_b1_upernet.json}. */
  static boolean isOne(Path file) {
    return file.getFileName().toString().endsWith("_upernet.json");
  }
}
