package org.segtrain.parity;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trainings of a few steps against those of the reference. They follow the order of sums: with one
 * thread MPViT's sixth step leaves the tolerance that was derived for two.
 */
@Tag("slow")
class TrajectoriesTest {

  @BeforeAll
  static void twoThreads() {
    Engine.getEngine("PyTorch"); // which sets its own number when it starts
    JniUtils.setNumThreads(2);
  }

  @AfterAll
  static void oneThread() {
    JniUtils.setNumThreads(1);
  }

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
