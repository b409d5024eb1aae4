package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibrariesTest {

  private static final String FIRST = System.mapLibraryName("torch");
  private static final String LARGE = System.mapLibraryName("torch_cpu");
  private static final String BRIDGE = "0.36.0-" + System.mapLibraryName("djl_torch");

  @TempDir private Path folder;

  @Test
  void thoseOfTheClassPathAreThoseThatWereUnpacked() {
    assertEquals("PyTorch", Engine.getEngine("PyTorch").getEngineName()); // unpacks them
    NativeLibraries libraries = NativeLibraries.ofClassPath().orElseThrow();
    assertTrue(libraries.sizes().size() >= 3, libraries::toString);
    assertTrue(libraries.sizes().get(LARGE) > 10_000_000, libraries::toString);
    assertTrue(libraries.sizes().keySet().stream().anyMatch(name -> name.contains("djl_torch")));
    for (String file : libraries.sizes().keySet()) {
      Path place = libraries.folder().resolve(file);
      assertTrue(Files.exists(place), place::toString);
    }
    assertEquals(Optional.empty(), libraries.mend());
  }

  @Test
  void whatWasCutOffIsUnpackedAgain() throws IOException {
    NativeLibraries libraries = unpacked();
    assertEquals(Optional.empty(), libraries.mend());
    Files.write(folder.resolve(LARGE), new byte[5]);
    assertEquals(
        Optional.of(
            "%s has 5 bytes, but the engine's has 20; unpacking it again"
                .formatted(folder.resolve(LARGE))),
        libraries.mend());
    assertFalse(Files.exists(folder.resolve(FIRST)), "DJL unpacks all without it");
    assertEquals(Optional.empty(), libraries.mend(), "once is enough");
  }

  @Test
  void whatIsMissingIsUnpackedAgain() throws IOException {
    NativeLibraries libraries = unpacked();
    Files.delete(folder.resolve(BRIDGE));
    assertEquals(Optional.empty(), libraries.mend(), "DJL unpacks it when it needs it");
    Files.delete(folder.resolve(LARGE));
    assertTrue(libraries.mend().orElseThrow().contains("has 0 bytes, but the engine's has 20"));
  }

  @Test
  void theBridgeIsUnpackedAloneIfItWasCutOff() throws IOException {
    NativeLibraries libraries = unpacked();
    Files.write(folder.resolve(BRIDGE), new byte[1]);
    assertTrue(libraries.mend().orElseThrow().contains("has 1 byte, but the engine's has 9"));
    assertFalse(Files.exists(folder.resolve(BRIDGE)));
    assertTrue(Files.exists(folder.resolve(FIRST)));
  }

  @Test
  void beforeTheFirstStartNothingIsToBeMended() {
    assertEquals(
        Optional.empty(), new NativeLibraries(folder.resolve("none"), Map.of(FIRST, 2L)).mend());
  }

  private NativeLibraries unpacked() throws IOException {
    Map<String, Long> sizes = Map.of(FIRST, 7L, LARGE, 20L, BRIDGE, 9L);
    for (Map.Entry<String, Long> file : sizes.entrySet()) {
      Files.write(folder.resolve(file.getKey()), new byte[file.getValue().intValue()]);
    }
    return new NativeLibraries(folder, sizes);
  }
}
