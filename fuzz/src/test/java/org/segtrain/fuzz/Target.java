package org.segtrain.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.segtrain.data.ImageReading;

/** A kind of file that may be anybody's, and what reads it. A row is all that a new kind needs. */
enum Target {
  /** Both forms of PyTorch, TorchScript, safetensors: every number that they claim to hold. */
  TENSORS("a.bin", Mutation.OF_PICKLES, WeightFiles::all, WeightFiles::readTensors),
  /** The same without their numbers; what model they are of. */
  INSPECTION("a.bin", Mutation.OF_PICKLES, WeightFiles::all, WeightFiles::inspect),
  /** Of our own. */
  CHECKPOINT("a.safetensors", Mutation.OF_BOTH, WeightFiles::checkpoint, WeightFiles::resume) {
    @Override
    byte[] mended(byte[] bytes) {
      return WeightFiles.withSum(bytes);
    }
  },
  PNG("a.png", Mutation.OF_BYTES, ImageSeeds::png, images()) {
    @Override
    byte[] mended(byte[] bytes) {
      return ImageSeeds.withSums(bytes);
    }
  },
  JPEG("a.jpg", Mutation.OF_BYTES, ImageSeeds::jpeg, images()),
  TIFF("a.tif", Mutation.OF_BYTES, ImageSeeds::tiff, images()),
  /** BMP, GIF, WebP and what is not read. */
  OTHER_IMAGES("a.img", Mutation.OF_BYTES, ImageSeeds::others, images()),
  CLASSES("classes.txt", Mutation.OF_TEXT, TextFiles::classes, TextFiles::readClasses),
  /** A list of the images of a split. */
  LIST("train.txt", Mutation.OF_TEXT, TextFiles::list, TextFiles::readList),
  CONFIG(
      "config.json",
      Mutation.OF_TEXT,
      TextFiles::configs,
      TextFiles::readConfig,
      TextFiles::readConfigOfRun),
  /** The log of a run that goes on, of which the lines are kept that make sense. */
  LOG("log.jsonl", Mutation.OF_TEXT, TextFiles::log, TextFiles::history, TextFiles::rewind),
  /** What one process of an evaluation counted, merged with another. */
  SHARD("a.json", Mutation.OF_TEXT, TextFiles::shards, TextFiles::merge),
  /** What the report of a run says beside its log and configuration. */
  SESSION("session.json", Mutation.OF_TEXT, Reports::sessions, Reports::write),
  /** What the best evaluation of a run counted, which its report shows. */
  EVALUATION("evaluation.json", Mutation.OF_TEXT, Reports::evaluations, Reports::write),
  /** What a served folder says of the photographs that it reads. */
  SERVING("serving.properties", Mutation.OF_TEXT, Exports::properties, Exports::serve),
  /** What is said of an exported file beside it. */
  CARD("segtrain.json", Mutation.OF_TEXT, Exports::cards, Exports::openBeside),
  /** An exported file, which the engine's own parser reads. */
  SCRIPT("model.pt", Mutation.OF_BYTES, Exports::scripts, Exports::open),
  /** The same, which ONNX Runtime reads. */
  ONNX("model.onnx", Mutation.OF_BYTES, Exports::onnx, Exports::open);

  /** Makes good files, and some that are refused for one reason. */
  interface Seeds {
    /**
     * The content of each.
     *
     * @param folder in which they will lie; what is put there stays beside them
     */
    List<byte[]> in(Path folder) throws IOException;
  }

  /** One way to read a file, all of it. */
  interface Reader {
    /**
     * Reads it.
     *
     * @throws org.segtrain.errors.DataException if it is not as it should be
     */
    void read(Path file) throws IOException;
  }

  private final String file;
  private final List<Mutation> mutations;
  private final Seeds seeds;
  private final List<Reader> readers;

  Target(String file, List<Mutation> mutations, Seeds seeds, Reader... readers) {
    this.file = file;
    this.mutations = mutations;
    this.seeds = seeds;
    this.readers = List.of(readers);
  }

  private static Reader[] images() {
    return new Reader[] {
      ImageReading::photograph,
      ImageReading::photographByParts,
      ImageReading::mask,
      ImageReading::colouredMask,
      ImageReading::maskByParts,
      ImageReading::header,
      ImageReading::photographFacts,
      ImageReading::maskFacts
    };
  }

  /** Whether it is among {@code -Dfuzz.targets}, or there are none. */
  boolean isChosen() {
    String chosen = System.getProperty("fuzz.targets", name());
    return List.of(chosen.split(",")).contains(name());
  }

  /** The name that the file has. */
  String file() {
    return file;
  }

  /** What becomes of such files. */
  List<Mutation> mutations() {
    return mutations;
  }

  List<byte[]> seeds(Path folder) throws IOException {
    return seeds.in(folder);
  }

  /** All ways in which the file is read; one that reads it is enough. */
  List<Reader> readers() {
    return readers;
  }

  /** Whether each mutation makes some that are refused; of the others what makes sense is read. */
  boolean refuses() {
    return this != LOG && this != SERVING;
  }

  /** Whether a check sum refuses whatever is changed. */
  boolean hidesAll() {
    return this == ONNX;
  }

  /** What is read in the place of {@code bytes}, in which a check sum may hide all else. */
  byte[] mended(byte[] bytes) {
    return bytes;
  }
}
