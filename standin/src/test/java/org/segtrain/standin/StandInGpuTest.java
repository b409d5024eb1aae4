package org.segtrain.standin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Scalars;
import org.segtrain.engine.Staging;
import org.segtrain.files.CheckSum;

/** What the other tests of this module rely on. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class StandInGpuTest {

  private static final Set<String> SHARED = Set.of("older_systems.hpp", "packages.sh");

  private NDManager gpu;
  private NDManager cpu;

  @BeforeEach
  void open() {
    StandInGpu.reset();
    StandInGpu.allowAllWaits();
    gpu = NDManager.newBaseManager(StandInGpu.DEVICE, "PyTorch");
    cpu = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  }

  @AfterEach
  void close() {
    gpu.close();
    cpu.close();
    StandInGpu.allowAllWaits();
  }

  @Test
  void itsArraysAreOnAGpu() {
    NDArray x = gpu.ones(new Shape(2, 3));
    assertEquals(Device.gpu(0), x.getDevice());
    assertEquals(12, x.add(x).sum().getFloat());
  }

  @Test
  void itRefusesOperandsOfTwoDevices() {
    NDArray x = gpu.ones(new Shape(2, 3));
    NDArray y = cpu.ones(new Shape(2, 3));
    assertRefused("two devices", () -> x.add(y));
    assertRefused("two devices", () -> ArrayLists.copy(List.of(x, x), List.of(x, y)));
    assertRefused("two devices", () -> Aten.rows(x, cpu.create(new long[] {0})));
  }

  @Test
  void itRefusesScalesOfLayerNormsOfAnotherType() {
    String norm = "torch.layer_norm($0, [3], $1, $1, 1e-6, True)";
    NDArray x = gpu.ones(new Shape(2, 3));
    NDArray scale = gpu.ones(new Shape(3));
    assertEquals(new Shape(2, 3), Aten.call(norm, x, scale).getShape());
    assertRefused("BFloat16", () -> Aten.call(norm, Aten.toBfloat16(x), scale));
  }

  @Test
  void itCountsWhatTheHostWaitsFor() {
    NDArray x = gpu.zeros(new Shape(3));
    assertEquals(0, StandInGpu.waits());
    x.add(x);
    Scalars.of(x, 2.5);
    assertEquals(0, StandInGpu.waits());
    x.toFloatArray();
    assertEquals(1, StandInGpu.waits());
    gpu.create(new float[] {1, 2});
    assertEquals(2, StandInGpu.waits());
    x.add(1); // DJL copies the number
    assertEquals(3, StandInGpu.waits());
    StandInGpu.allowWaits(1);
    x.toFloatArray();
    assertRefused("waits for the GPU", x::toFloatArray);
  }

  /** As those of a GPU may, its copies come late, so one that needs its source later would fail. */
  @Test
  void stagedArraysKeepTheirValuesAndNothingWaits() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4).put(new byte[] {1, 2, 3, 4}).flip();
    NDArray moved;
    try (NDArray host = cpu.create(buffer.slice(), new Shape(4), DataType.UINT8)) {
      moved = Staging.onDevice(host, gpu);
    }
    buffer.put(0, (byte) 9);
    assertEquals(StandInGpu.DEVICE, moved.getDevice());
    assertEquals(DataType.UINT8, moved.getDataType());
    assertEquals(0, StandInGpu.waits());
    assertArrayEquals(new byte[] {1, 2, 3, 4}, moved.toByteArray());
  }

  @Test
  void itCountsTheBytesOfArrays() {
    long before = StandInGpu.allocated();
    try (NDManager own = gpu.newSubManager()) {
      own.zeros(new Shape(1000));
      assertEquals(before + 4000, StandInGpu.allocated());
    }
    assertEquals(before, StandInGpu.allocated());
    assertTrue(StandInGpu.peak() >= before + 4000);
  }

  /** As a GPU has: then random numbers are the same only if its own seed is set. */
  @Test
  void itHasAGeneratorOfItsOwn() {
    Engine.getEngine("PyTorch").setRandomSeed(5);
    float[] first = drawn();
    cpu.randomUniform(0, 1, new Shape(8)).toFloatArray(); // draws from the CPU's
    float[] second = drawn();
    Engine.getEngine("PyTorch").setRandomSeed(5);
    assertArrayEquals(first, drawn());
    assertArrayEquals(second, drawn());
    assertNotEquals(first[0], second[0]);
  }

  private float[] drawn() {
    return gpu.randomUniform(0, 1, new Shape(8)).toFloatArray();
  }

  @Test
  void theLibraryComesFromTheseSources() throws IOException {
    StringBuilder sums = new StringBuilder();
    for (Path folder :
        List.of(Path.of("src/test/native"), Path.of("../collectives/src/main/native"))) {
      boolean isOwn = folder.startsWith("src");
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (isOwn || SHARED.contains(name)) {
            String text = Files.readString(file).replace("\r\n", "\n");
            sums.append(CheckSum.sha256(text.getBytes(UTF_8)))
                .append("  ")
                .append(name)
                .append('\n');
          }
        }
      }
    }
    try (InputStream in = StandInGpu.class.getResourceAsStream("sources.sha256")) {
      String made = new String(in.readAllBytes(), UTF_8);
      assertEquals(made, sums.toString(), "a source changed; run src/test/native/build.sh");
    }
  }

  private static void assertRefused(String part, Runnable operation) {
    String message = assertThrows(EngineException.class, operation::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
