package org.segtrain.fuzz;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** A kind of file that may be anybody's, and what reads it. A row is all that a new kind needs. */
enum Target {

  /** Both forms of PyTorch, TorchScript, safetensors: every number that they claim to hold. */
  TENSORS("a.bin") {
    @Override
    List<byte[]> seeds(Path scratch) throws IOException {
      return weightFiles();
    }

    @Override
    void read(Path file) {
      try (NDManager manager = NDManager.newBaseManager("PyTorch");
          TensorFile tensors = TensorFile.open(file)) {
        for (String name : tensors.tensors().keySet()) {
          tensors.read(manager, name).close();
        }
      }
    }
  },

  /** The same without their numbers; what model they are of. */
  INSPECTION("a.bin") {
    @Override
    List<byte[]> seeds(Path scratch) throws IOException {
      return weightFiles();
    }

    @Override
    void read(Path file) {
      Inspection.of(file, null).parts();
    }
  },

  /** Checkpoints whose check sum was made to hold again, so that more of them is looked at. */
  CHECKPOINT("a.safetensors") {
    @Override
    List<byte[]> seeds(Path scratch) throws IOException {
      TrainingState state =
          TrainingState.first(
              Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.FOLDER)
                  .config(),
              List.of("left", "right"));
      try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
        Block block = Linear.builder().setUnits(2).build();
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
        state.writeBest(scratch, block, Optional.empty());
      }
      return List.of(Files.readAllBytes(scratch));
    }

    @Override
    byte[] mended(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      Matcher found = CHECKSUM.matcher(text);
      if (!found.find()) {
        return bytes;
      }
      CRC32C sum = new CRC32C();
      sum.update(with(text, found, "00000000"));
      return with(text, found, "%08x".formatted(sum.getValue()));
    }

    @Override
    void read(Path file) {
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        TrainingState.of(checkpoint);
      }
    }
  };

  private static final Path WEIGHT_FILES =
      Path.of("..", "weights", "src", "test", "resources", "files");
  private static final Pattern CHECKSUM = Pattern.compile("\"crc32c\":\"([0-9a-f]{8})\"");

  private final String file;

  Target(String file) {
    this.file = file;
  }

  /** The name that the file has. */
  String file() {
    return file;
  }

  /** Good files, and some that are refused for one reason. */
  abstract List<byte[]> seeds(Path scratch) throws IOException;

  /** What is read in the place of {@code bytes}, in which a check sum may hide all else. */
  byte[] mended(byte[] bytes) {
    return bytes;
  }

  /**
   * Reads it, all of it.
   *
   * @throws org.segtrain.errors.DataException if it is not as it should be
   */
  abstract void read(Path file) throws IOException;

  private static List<byte[]> weightFiles() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(WEIGHT_FILES)) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }

  private static byte[] with(String text, Matcher found, String sum) {
    String whole = text.substring(0, found.start(1)) + sum + text.substring(found.end(1));
    return whole.getBytes(StandardCharsets.ISO_8859_1);
  }
}
