package org.segtrain.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models with heads against those of the reference, those of {@link UperNetParityTest} apart;
 * classes of their own, for the second JVM.
 */
@Tag("slow")
class HeadParityTest {

  @ParameterizedTest
  @MethodSource("models")
  void agreesWithTheReference(Path file) {
    ParityTest.assertAgreesWithTheReference(file);
  }

  static List<Path> models() throws IOException {
    return ParityTest.goldenFiles(file -> isOne(file) && !UperNetParityTest.isOne(file));
  }

  /** Whether a file is of a backbone with a head: {@code pvt_small_semfpn.json}. */
  static boolean isOne(Path file) {
    String name = file.getFileName().toString();
    return !TrajectoriesTest.isOne(file) && name.matches("[a-z]+_[a-z0-9]+_[a-z0-9_]+\\.json");
  }
}
