package org.segtrain.fuzz;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.DatasetVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Settings;
import org.segtrain.tensors.TensorFile;
import org.segtrain.weights.Inspection;

/** Files of weights, and all ways in which they are read. */
final class WeightFiles {

  private static final Path FILES = Path.of("..", "weights", "src", "test", "resources", "files");
  private static final Pattern CHECKSUM = Pattern.compile("\"crc32c\":\"([0-9a-f]{8})\"");

  private static final int UNITS = 2;
  private static final int INPUTS = 3;
  private static final int NUMBERS = Float.BYTES * UNITS * (INPUTS + 1); // behind the text

  private WeightFiles() {}

  /** Good ones, and some that are refused for one reason. */
  static List<byte[]> all(Path unused) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }

  static void readTensors(Path file) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        TensorFile tensors = TensorFile.open(file)) {
      for (String name : tensors.tensors().keySet()) {
        tensors.read(manager, name).close();
      }
    }
  }

  static void inspect(Path file) {
    Inspection.of(file, null).parts();
  }

  static List<byte[]> checkpoint(Path folder) throws IOException {
    TrainingState state =
        TrainingState.first(
            Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.FOLDER).config(),
            List.of("left", "right"));
    Path file = folder.resolve("best.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Block block = Linear.builder().setUnits(UNITS).build();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, INPUTS));
      state.writeBest(file, block, Optional.empty());
    }
    byte[] seed = Files.readAllBytes(file);
    Files.delete(file);
    return List.of(seed);
  }

  static void resume(Path file) {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      TrainingState.of(checkpoint).classes().forEach(Objects::requireNonNull);
    }
  }

  /** A checkpoint whose length of the text and whose check sum hold again. */
  static byte[] withSum(byte[] bytes) {
    if (bytes.length < Long.BYTES + NUMBERS) {
      return bytes;
    }
    byte[] whole = bytes.clone();
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(whole.length - 8L - NUMBERS);
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    Matcher found = CHECKSUM.matcher(text);
    if (!found.find()) {
      return bytes;
    }
    CRC32C sum = new CRC32C();
    sum.update(with(text, found, "00000000"));
    return with(text, found, "%08x".formatted(sum.getValue()));
  }

  private static byte[] with(String text, Matcher found, String sum) {
    String whole = text.substring(0, found.start(1)) + sum + text.substring(found.end(1));
    return whole.getBytes(StandardCharsets.ISO_8859_1);
  }
}
