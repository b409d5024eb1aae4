package org.segtrain.tensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.segtrain.tensors.Refusals.assertRefused;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose parts are small, each for itself, and that are far too much together. */
final class HostileSumsTest {

  private static final int STORED = ZipOutputStream.STORED;

  @TempDir Path folder;

  @Test
  void textThatIsRepeatedIsCountedEachTime() throws Throwable {
    String text = "X\u0000\u0000\1\0" + "a".repeat(1 << 16) + "q\0"; // 64 kB, as number 0
    refuse(zip("(" + text + "h\0".repeat(300) + "l."), "holds itself, or far more than weights");
    String object = "cx\n" + "y".repeat(900) + "\nq\0";
    refuse(zip("(" + object + "h\0".repeat(20_000) + "l."), "far more than weights");
  }

  @Test
  void shapesThatAreRepeatedAreCopiesOfThem() throws Throwable {
    String axes = "(" + "K\1".repeat(64) + "t";
    String arguments = "(" + storage(4) + "K\0" + axes + axes + "tq\1";
    String again = "h\0h\1R0";
    String program =
        "ctorch._utils\n_rebuild_tensor_v2\nq\0" + arguments + "00" + again.repeat(60_000);
    refuse(zip(program + "N."), "copies the same things over and over");
  }

  @Test
  void viewsOfOneStorageAreCountedEachTime() throws Throwable {
    int numbers = 1 << 18;
    String large = dictionary(100, i -> tensor(numbers, "J\0\0\4\0\u0085", "K\1\u0085"));
    byte[] zip =
        Zips.of(Map.of("data.pkl", pickle(large + "."), "data/0", new byte[4 * numbers]), STORED);
    refuse(zip, "its pickle repeats the same numbers in many tensors");
    String thousand = "M\u00e8\3M\u00e8\3\u0086";
    String stretched = dictionary(100, i -> tensor(4, thousand, "K\0K\0\u0086"));
    refuse(zip(stretched + "."), "its pickle repeats the same numbers in many tensors");
  }

  @Test
  void aFewViewsOfOneStorageAreRead() throws Throwable {
    byte[] zip = zip(dictionary(100, i -> tensor(4, "K\4\u0085", "K\1\u0085")) + ".");
    try (TensorFile file = TensorFile.open(Files.write(folder.resolve("a.pth"), zip))) {
      assertEquals(100, file.tensors().size());
    }
  }

  @Test
  void bothPicklesOfAScriptAreOneFile() throws Throwable {
    byte[] half = pickle("N0".repeat(600_000) + "N.");
    byte[] zip = Zips.of(Map.of("data.pkl", half, "constants.pkl", half), STORED);
    refuse(zip, "its pickle has more than 2000000 operations");
    byte[] padded = Arrays.copyOf(pickle("N."), 40_000_000); // zeros behind the end
    byte[] bomb =
        Zips.of(Map.of("data.pkl", padded, "constants.pkl", padded), ZipOutputStream.DEFLATED);
    refuse(bomb, "its entry any/constants.pkl has 40000000 bytes");
  }

  @Test
  void allPicklesOfTheOlderFormAreOneFile() throws Throwable {
    String numbers = "\u0080\2" + "N0".repeat(600_000) + "N.";
    String version = "\u0080\2M\u00e9\3.";
    byte[] file = (LegacyTorch.START + version + numbers + numbers).getBytes(ISO_8859_1);
    refuse(file, "its pickle has more than 2000000 operations");
  }

  @Test
  void aLongListOfTensorsTakesTimeInProportion() throws Throwable {
    String header =
        IntStream.range(0, 200_000)
            .mapToObj(
                "\"m%1$d.w\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}"::formatted)
            .collect(Collectors.joining(",", "{", "}"));
    Path file = Files.write(folder.resolve("a.safetensors"), safetensors(header));
    CpuTime.assertBelow(
        5,
        () -> {
          try (TensorFile tensors = TensorFile.open(file)) {
            assertEquals(200_000, tensors.tensors().size());
          }
        });
  }

  @Test
  void aHeaderOfMoreThanModelsHaveIsRefused() throws Throwable {
    byte[] file = safetensors("{" + " ".repeat(17_000_000) + "}");
    refuse(file, "has a header of 17000002 bytes, but at most 16777216 are read");
    refuse(safetensors("{\"" + "a".repeat(2000) + "\":{}}"), "has a name of 2000 characters");
  }

  @Test
  void aDeviceIsNoFile() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "only Linux and its like have files that are none");
    assertRefused(() -> TensorFile.open(device).close(), "it is a device or a pipe");
  }

  private static byte[] safetensors(String header) {
    byte[] json = header.getBytes(ISO_8859_1);
    return ByteBuffer.allocate(Long.BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  /** A storage of float32 with the key 0. */
  private static String storage(int numbers) {
    String size =
        new String(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(numbers).array(),
            ISO_8859_1);
    return "(U\7storagectorch\nFloatStorage\nU\0010U\3cpuJ" + size + "tQ";
  }

  private static String tensor(int numbers, String sizes, String strides) {
    return "ctorch._utils\n_rebuild_tensor_v2\n("
        + storage(numbers)
        + "K\0"
        + sizes
        + strides
        + "tR";
  }

  private static String dictionary(int size, IntFunction<String> value) {
    return IntStream.range(0, size)
        .mapToObj(i -> "U\5" + "%05d".formatted(i) + value.apply(i))
        .collect(Collectors.joining("", "}(", "u"));
  }

  private static byte[] pickle(String program) {
    return ("\u0080\2" + program).getBytes(ISO_8859_1);
  }

  private static byte[] zip(String program) throws IOException {
    return Zips.of(pickle(program));
  }

  private void refuse(byte[] bytes, String why) throws Throwable {
    Path file = Files.write(folder.resolve("a.pth"), bytes);
    CpuTime.assertBelow(5, () -> assertRefused(() -> TensorFile.open(file).close(), why));
  }
}
