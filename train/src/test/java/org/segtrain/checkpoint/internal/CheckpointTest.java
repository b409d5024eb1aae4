package org.segtrain.checkpoint.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {

  private static final Map<String, String> STRINGS = Map.of("name", "größe \"1\"", "empty", "");

  @TempDir Path folder;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Map<String, NDArray> arrays = TestArrays.of(manager, 7, 3);
    Checkpoint.write(file, STRINGS, arrays);
    assertFalse(Drafts.exist(file));
    Map<String, NDArray> targets = TestArrays.targets(manager, arrays);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      checkpoint.load(targets);
      STRINGS.forEach((name, value) -> assertEquals(value, checkpoint.string(name)));
      assertTrue(checkpoint.has("a."));
      assertFalse(checkpoint.has("b."));
      assertEquals(file, checkpoint.file());
      assertRefused(() -> checkpoint.string("crc32c"), "has no entry \"crc32c\"");
    }
    arrays.forEach((name, array) -> assertSameArray(array, targets.get(name)));
  }

  @Test
  void anArrayOfOtherLayoutInMemoryIsWrittenInOrder() {
    Path file = folder.resolve("a.safetensors");
    NDArray turned = manager.arange(6f).reshape(2, 3).transpose();
    Checkpoint.write(file, Map.of(), Map.of("turned", turned));
    NDArray target = manager.zeros(new Shape(3, 2));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      checkpoint.load(Map.of("turned", target));
    }
    assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, target.toFloatArray());
  }

  @Test
  void theFileIsLaidOutAsTheFormatSays() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Checkpoint.write(file, STRINGS, TestArrays.of(manager, 7, 3));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertEquals(0, length % 8);
    JsonNode header = new ObjectMapper().readTree(bytes.array(), 8, length);
    assertEquals("größe \"1\"", header.get("__metadata__").get("name").asText());
    assertEquals(
        "{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}", header.get("count").toString());
    assertEquals(
        "{\"dtype\":\"F32\",\"shape\":[7,10],\"data_offsets\":[8,288]}",
        header.get("a.weight").toString());
    assertEquals(1L << 40, bytes.getLong(8 + length));
    assertEquals(3 + 69, bytes.getFloat(8 + length + 8 + 4 * 69));
    assertEquals(8 + length + 288 + 12, bytes.capacity());
  }

  @Test
  void anArrayThatIsMissingOrOfAnotherShapeIsRefusedAndNothingLoaded() {
    Path file = folder.resolve("a.safetensors");
    Map<String, NDArray> arrays = TestArrays.of(manager, 7, 3);
    Checkpoint.write(file, STRINGS, arrays);
    Map<String, NDArray> targets = new LinkedHashMap<>(TestArrays.targets(manager, arrays));
    targets.put("a.bias", manager.zeros(new Shape(4)));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertRefused(() -> checkpoint.load(targets), "its a.bias has the shape (3)", "needs (4)");
      assertEquals(0, targets.get("a.weight").sum().getFloat());
      assertRefused(() -> checkpoint.load(Map.of("b", manager.zeros(new Shape(1)))), "it has no b");
    }
  }

  @Test
  void aFullDiskLeavesTheOldFileAndSaysTheSizes() throws IOException {
    Configuration disk = Configuration.unix().toBuilder().setMaxSize(7 << 20).build();
    try (FileSystem files = Jimfs.newFileSystem(disk)) {
      Path file = files.getPath("a.safetensors");
      Map<String, NDArray> arrays = TestArrays.of(manager, 100_000, 0); // 4 MB
      Checkpoint.write(file, STRINGS, arrays);
      assertRefused(
          () -> Checkpoint.write(file, STRINGS, TestArrays.of(manager, 100_000, 1)),
          "cannot write " + file,
          "of 3 MB where 3 MB are free",
          "out of disk space",
          "another folder");
      assertFalse(Drafts.exist(file));
      Map<String, NDArray> targets = TestArrays.targets(manager, arrays);
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        checkpoint.load(targets);
      }
      assertSameArray(arrays.get("a.weight"), targets.get("a.weight"));
    }
  }

  @Test
  void roomIsLookedForBeforeItIsNeeded() throws IOException {
    Configuration disk = Configuration.unix().toBuilder().setMaxSize(3 << 20).build();
    try (FileSystem files = Jimfs.newFileSystem(disk)) {
      Path file = files.getPath("a.safetensors");
      List<NDArray> small = List.of(manager.zeros(new Shape(1000)));
      Checkpoint.refuseUnlessRoom(file, small);
      List<NDArray> large = List.of(manager.zeros(new Shape(2 << 20)));
      assertRefused(
          () -> Checkpoint.refuseUnlessRoom(file, large), "needs 8 MB where 3 MB are free");
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("missing").resolve("a.safetensors");
    Map<String, NDArray> arrays = TestArrays.of(manager, 1, 0);
    assertRefused(() -> Checkpoint.write(file, STRINGS, arrays), "cannot write " + file);
    assertRefused(() -> Checkpoint.open(file), "cannot read " + file, "there is no such file");
  }

  private static void assertSameArray(NDArray expected, NDArray found) {
    assertEquals(expected.getShape(), found.getShape());
    assertArrayEquals(expected.toByteArray(), found.toByteArray());
  }
}
