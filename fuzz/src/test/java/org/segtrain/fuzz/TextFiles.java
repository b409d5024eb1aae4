package org.segtrain.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.data.ClassTable;
import org.segtrain.data.DataFiles;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.Split;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.inference.Shard;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;
import org.segtrain.recipes.Settings;
import org.segtrain.report.RunHistory;

/** Texts, and how each is read. */
final class TextFiles {

  private static final Path OLD_CONFIGS =
      Path.of("..", "train", "src", "test", "resources", "org", "segtrain", "checkpoint", "v0.1");
  private static final DataFiles LISTED =
      new DataFiles(
          "images/{name}.png",
          "masks/{name}.png",
          List.of(),
          "{split}.txt",
          0,
          0,
          List.of(255),
          List.of(),
          false,
          List.of());
  private static final String OTHER_SHARD = "other.json";
  private static final long STEP = 20; // up to which the log is kept

  private TextFiles() {}

  static TrainConfig config() {
    return Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.FOLDER).config();
  }

  private static List<byte[]> bytes(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
  }

  static List<byte[]> classes(Path unused) {
    return bytes(
        "road\nsidewalk\nsky\n",
        "\uFEFFsky #4682b4\r\ntree #006400\r\nvoid #000000\r\n",
        "Stra\u00dfe #804080\nwith several words #010203\n");
  }

  static void readClasses(Path file) {
    ClassTable.read(file);
  }

  static List<byte[]> list(Path folder) throws IOException {
    Files.writeString(folder.resolve("classes.txt"), "left\nright\n");
    for (String kind : List.of("images", "masks")) {
      Files.createDirectory(folder.resolve(kind));
      for (String name : List.of("one", "two", "three")) {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        ImageIO.write(grey, "png", folder.resolve(kind).resolve(name + ".png").toFile());
      }
    }
    return bytes("one\ntwo\nthree\n", "images/one.png\r\n./images/two.png\r\n", "one.jpg\n\nthree");
  }

  static void readList(Path file) {
    FolderDataset.open(file.getParent(), LISTED).size(Split.TRAINING);
  }

  /** What a run keeps of its configuration. */
  static String configOfRun() {
    return Json.page(Map.of("config", config(), "classes", List.of("left", "right")));
  }

  /** Of a run, of version 0.1, and by hand. */
  static List<byte[]> configs(Path unused) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(configOfRun().getBytes(UTF_8));
    try (Stream<Path> files = Files.list(OLD_CONFIGS)) {
      for (Path file : files.filter(some -> some.toString().endsWith(".json")).sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    seeds.addAll(
        bytes(
            """
            {"schedule": {"batch": 4, "iterations": 100},
             "optimizer": {"learningRate": 6e-5},
             "loss": {"terms": "ce+0.5*dice"},
             "files": {"images": "images/{name}.png", "masks": "masks/{name}.png", "voids": [0]},
             "fineTuning": {"rules": [{"pattern": "head", "learningRate": 10, "decay": null}]}}
            """));
    return seeds;
  }

  static void readConfig(Path file) {
    ConfigFile.read(file);
  }

  static void readConfigOfRun(Path file) {
    ConfigFile.ofRun(file);
  }

  static List<byte[]> log(Path unused) {
    return bytes(
        """
        {"step":10,"loss":2.5,"learning_rate":6.0E-5,"seconds":1.5}
        {"step":20,"loss":2.25,"learning_rate":5.0E-5,"seconds":3.0}
        {"step":20,"mean_iou":0.25,"mean_iou_interval":[0.2,0.3],"iou":{"left":0.25,"r\u00fck":null}}
        {"step":20,"resumed":true}
        {"step":30,"loss":2.0,"learning_rate":4.0E-5,"seconds":4.5}
        """);
  }

  static void history(Path file) {
    new RunHistory().read(file);
  }

  /** What is left are whole lines. */
  static void rewind(Path file) throws IOException {
    new RunWriter(new RunFolder(file.getParent())).rewind(STEP);
    for (String line : Files.readAllLines(file)) {
      if (Json.whole(line, "step").isEmpty()) {
        throw new IllegalStateException("no whole line is left: " + line);
      }
    }
  }

  /** One of two; the other lies beside it. */
  static List<byte[]> shards(Path folder) throws IOException {
    Path file = folder.resolve(OTHER_SHARD);
    shard(1, 2).write(file);
    byte[] seed = Files.readAllBytes(file);
    shard(2, 2).write(file);
    return List.of(seed);
  }

  static EvaluationPart shard(int number, int all) {
    TrainConfig config = config();
    List<ClassCounts> counts =
        List.of(new ClassCounts(0, 60, 50, 40), new ClassCounts(1, 40, 50, 30));
    ImageCounts image =
        new ImageCounts(number - 1, "images/%d.png".formatted(number), 20, 5, counts);
    return new EvaluationPart(
        new Shard(number, all),
        new EvaluationSource(
            List.of("runs/a"),
            "folder",
            "data",
            "validation",
            2,
            config.inputSize(),
            config.evaluation(),
            config.run().precision()),
        Map.of("weights", "SHA-256 00"),
        List.of("%d.png is damaged".formatted(number)),
        new Evaluation(
            List.of("left", "right"),
            List.of(List.of(40L, 20L), List.of(10L, 30L)),
            counts,
            List.of(image)));
  }

  static void merge(Path file) {
    EvaluationPart whole = EvaluationPart.merge(List.of(file, file.resolveSibling(OTHER_SHARD)));
    Evaluation evaluation = whole.evaluation();
    evaluation.metrics().meanIou();
    evaluation.boundaryMetrics().meanIou();
    evaluation.meanIouInterval();
    evaluation.worstFirst();
    Json.line(whole);
  }
}
