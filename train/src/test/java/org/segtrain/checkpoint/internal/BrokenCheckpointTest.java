package org.segtrain.checkpoint.internal;

import static org.segtrain.data.Refusals.assertRefused;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokenCheckpointTest {

  @TempDir Path folder;

  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("a.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Checkpoint.write(file, Map.of("step", "1234"), TestArrays.of(manager, 500, 0));
    }
    whole = Files.readAllBytes(file);
  }

  @Test
  void aFileThatEndsTooEarlyIsRefused() throws IOException {
    for (int length = 0; length < whole.length; length += 1000) {
      assertBroken(Arrays.copyOf(whole, length));
    }
    assertBroken(Arrays.copyOf(whole, 5));
    assertBroken(Arrays.copyOf(whole, whole.length - 1));
    assertBroken(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void anyFlippedByteOfTheHeaderIsRefused() throws IOException {
    int end = 8 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    for (int i = 0; i < end; i++) {
      assertBroken(flipped(i, 1));
      assertBroken(flipped(i, 0x80));
    }
  }

  @Test
  void flippedBytesOfTheArraysAreRefused() throws IOException {
    for (int i = whole.length - 1; i > 600; i -= 97) {
      assertBroken(flipped(i, 4));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json, but garbage",
        "[]",
        "null",
        "{\"a\": 3}",
        "{\"__metadata__\": 3}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, -4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [], \"data_offsets\": [-4, 0]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [], \"data_offsets\": []}}",
        "{\"a\": {\"dtype\": \"Q9\", \"shape\": [], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [], \"data_offsets\": [0, 4]}}",
      })
  void aHeaderThatMakesNoSenseIsRefused(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    assertBroken(withHeader(json.length, json));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 99_999_999, 100_000_001, 1L << 32, Long.MAX_VALUE})
  void aHeaderOfImpossibleLengthIsRefused(long length) throws IOException {
    assertBroken(withHeader(length, "{}".getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] withHeader(long length, byte[] json) {
    return ByteBuffer.allocate(8 + json.length + 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(json)
        .array();
  }

  private byte[] flipped(int at, int mask) {
    byte[] bytes = whole.clone();
    bytes[at] ^= (byte) mask;
    return bytes;
  }

  private void assertBroken(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertRefused(() -> Checkpoint.open(file).close(), file.toString(), "is broken", ";");
  }
}
