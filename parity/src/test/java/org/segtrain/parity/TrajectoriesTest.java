package org.segtrain.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainings of a few steps against those of the reference. */
@Tag("slow")
class TrajectoriesTest {

  @ParameterizedTest
  @MethodSource("trajectories")
  void agreesWithTheReference(Path file) {
    ParityTest.assertAgreesWithTheReference(file);
  }

  static List<Path> trajectories() throws IOException {
    return ParityTest.goldenFiles(TrajectoriesTest::isOne);
  }

  static boolean isOne(Path file) {
    return file.getFileName().toString().startsWith("trajectory_");
  }
}
