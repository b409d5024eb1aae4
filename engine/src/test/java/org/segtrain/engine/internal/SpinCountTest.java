package org.segtrain.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.internal.SpinCount.CpuTimes;

final class SpinCountTest {

  @Test
  void othersAreBusyWithWhatIsNotOurs() {
    CpuTimes before = times("cpu  100 20 30 1000 10 5 5 40 7 0", 50, 10);
    CpuTimes after = times("cpu  103 21 31 1003 11 6 5 40 9 0", 52, 11);
    assertEquals(new CpuTimes(160, 1010, 60, 2), before);
    CpuTimes passed = after.since(before);
    assertEquals(new CpuTimes(6, 4, 3, 2), passed);
    assertEquals(0.6, passed.others(), 1e-9);
  }

  @Test
  void nothingPassed() {
    CpuTimes now = times("cpu  100 20 30 1000 10 5 5 40 7 0", 50, 10);
    assertEquals(0, now.since(now).others());
  }

  @Test
  void thisMachineHasThem() throws IOException {
    assumeTrue(Platform.isLinux());
    CpuTimes now = CpuTimes.now();
    assertTrue(now.own() > 0 && now.busy() >= now.own(), now.toString());
    assertTrue(now.cpus() >= Runtime.getRuntime().availableProcessors(), now.toString());
  }

  private static CpuTimes times(String all, int user, int system) {
    String process = "71 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 %d %d 13 14".formatted(user, system);
    return CpuTimes.of(List.of(all, "cpu0 1 2", "cpu1 1 2", "intr 5"), process);
  }
}
