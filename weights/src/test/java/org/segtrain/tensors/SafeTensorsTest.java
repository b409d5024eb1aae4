package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.segtrain.tensors.Refusals.assertRefused;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the form, on headers made by hand. */
final class SafeTensorsTest {

  private static final String FLOATS =
      "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}";

  @TempDir Path folder;

  @Test
  void aFileWithoutAChecksumIsReadAndOneWithAWrongOneIsNot() throws IOException {
    String tensor = FLOATS.formatted("a", "1", 0, 4);
    try (TensorFile file = TensorFile.open(write("{" + tensor + "}", 4))) {
      assertEquals("(1)", file.tensors().get("a").shape().toString());
      assertEquals(Map.of(), file.metadata());
    }
    refuse("{\"__metadata__\":{\"crc32c\":\"01234567\"}," + tensor + "}", 4, "its checksum is");
  }

  @Test
  void aPointerOfGitLfsIsNamed() throws IOException {
    Path file = folder.resolve("m.safetensors");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    assertRefused(() -> TensorFile.open(file), "is a pointer of Git LFS");
  }

  @Test
  void tensorsMayLieInAnyOrderButWithoutGapOrOverlap() throws IOException {
    String second = FLOATS.formatted("b", "1", 4, 8);
    try (TensorFile file =
        TensorFile.open(write("{" + second + "," + FLOATS.formatted("a", "1", 0, 4) + "}", 8))) {
      assertEquals("[b, a]", file.tensors().keySet().toString());
    }
    refuse("{" + second + "}", 8, "begins at 4 where the one before ends at 0");
    refuse("{" + second + "," + FLOATS.formatted("a", "2", 0, 8) + "}", 8, "begins at 4");
    refuse("{" + FLOATS.formatted("a", "1", 0, 4) + "}", 5, "bytes long instead of");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, -4, not that of a safetensors file",
    "2, 4, does not fill the bytes 0 to 4",
    "4611686018427387904, 0, does not fill",
    "'4294967296, 4294967296', 0, does not fill",
    "'1.5', 4, not that of a safetensors file",
    "'1, [1]', 4, not that of a safetensors file",
    "2, 8, bytes from",
  })
  void aShapeThatDoesNotFitIsRefused(String shape, long end, String why) throws IOException {
    refuse("{" + FLOATS.formatted("a", shape, 0, end) + "}", 4, why);
  }

  @Test
  void aNameTwiceIsRefused() throws IOException {
    String tensor = FLOATS.formatted("a", "1", 0, 4);
    refuse("{" + tensor + "," + tensor + "}", 4, "its header has the name a twice");
    refuse("{" + tensor.replace("{", "{\"dtype\":\"F32\",") + "}", 4, "has the name dtype twice");
    refuse("{" + tensor.replace("{", "{\"shape\":[1],") + "}", 4, "has the name shape twice");
    String strings = "\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"}";
    refuse("{" + strings + "," + tensor + "}", 4, "has the name x twice");
    strings = "\"__metadata__\":{\"x\":\"1\"}";
    refuse("{" + strings + "," + strings + "}", 0, "has the name __metadata__ twice");
  }

  @Test
  void aHeaderOfManyBracketsIsRefused() throws IOException {
    refuse("{\"a\":" + "[".repeat(2_000_000), 0, "not that of a safetensors file");
    refuse("{\"a\":{\"x\":" + "[".repeat(2_000_000), 0, "not that of a safetensors file");
  }

  @Test
  void aTensorBehindThreeGigabytesIsRead() throws IOException {
    long before = 3L << 30;
    String zeros =
        "\"zeros\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}"
            .formatted(before, before);
    String last = FLOATS.formatted("last", "1", before, before + 4);
    Path path = write("{" + zeros + "," + last + "}", 0);
    try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
      ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f);
      out.write(number.flip(), out.size() + before); // what is before takes no place on the disk
    }
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        TensorFile file = TensorFile.open(path)) {
      assertArrayEquals(new float[] {1.5f}, file.read(manager, "last").toFloatArray());
      assertRefused(() -> file.read(manager, "zeros"), "zeros of", "more than the 2 GB");
    }
  }

  private void refuse(String header, int length, String why) throws IOException {
    Path file = write(header, length);
    assertRefused(() -> TensorFile.open(file).close(), file + " is broken: ", why);
  }

  private Path write(String header, int length) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array();
    return Files.write(folder.resolve("a.safetensors"), bytes);
  }
}
