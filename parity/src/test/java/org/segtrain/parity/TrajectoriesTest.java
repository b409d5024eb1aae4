package org.segtrain.parity;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainings of a few steps against those of the reference. */
@Tag("slow")
class TrajectoriesTest {

  @AfterEach
  void oneThread() {
    JniUtils.setNumThreads(1);
  }

  /**
   * MPViT's follows the order of sums: with one thread its sixth step leaves the tolerance that was
   * derived for two. Two threads beside another JVM wait for one another most of the time.
   */
  @ParameterizedTest
  @MethodSource("trajectories")
  void agreesWithTheReference(Path file) {
    if (file.getFileName().toString().contains("_mpvit_")) {
      Engine.getEngine("PyTorch"); // which sets its own number when it starts
      JniUtils.setNumThreads(2);
    }
    ParityTest.assertAgreesWithTheReference(file);
  }

  static List<Path> trajectories() throws IOException {
    return ParityTest.goldenFiles(TrajectoriesTest::isOne);
  }

  static boolean isOne(Path file) {
    return file.getFileName().toString().startsWith("trajectory_");
  }
}
