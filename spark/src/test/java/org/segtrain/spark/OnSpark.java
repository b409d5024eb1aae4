package org.segtrain.spark;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.pvt.PvtConfig;
import org.segtrain.config.Precision;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;
import org.segtrain.export.Deployment;
import org.segtrain.export.ExportFormat;
import org.segtrain.export.ExportSource;
import org.segtrain.export.InputForm;
import org.segtrain.export.ModelCard;
import org.segtrain.export.Optimization;
import org.segtrain.export.OutputForm;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import picocli.CommandLine;

/** A Spark of this JVM, two exported models, and photographs with masks, for all tests. */
final class OnSpark {

  static final int WIDTH = 52;
  static final int HEIGHT = 40;

  /** Names of the photographs; a space and a letter beyond ASCII among them. */
  static final List<String> NAMES = List.of("a", "b", "c", "streets/north/a", "streets/süd/d e");

  private static final PvtConfig BACKBONE =
      new PvtConfig(
          List.of(
              new PvtConfig.Stage(4, 16, 1, 2, 8, 1),
              new PvtConfig.Stage(2, 16, 1, 2, 4, 1),
              new PvtConfig.Stage(2, 16, 1, 2, 2, 1),
              new PvtConfig.Stage(2, 16, 1, 2, 1, 1)));

  private static Path folder;
  private static SparkSession spark;

  private OnSpark() {}

  /** What a command came to. */
  record Outcome(int code, String out, String err) {

    /** The first line of the error stream. */
    String sentence() {
      return err.lines().findFirst().orElse("");
    }
  }

  static synchronized SparkSession spark() {
    if (spark == null) {
      spark =
          SparkSession.builder()
              .master("local[2]")
              .appName("tests")
              .config("spark.ui.enabled", false)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", 2)
              .config("spark.sql.warehouse.dir", folder().resolve("warehouse").toString())
              .getOrCreate();
    }
    return spark;
  }

  /** A data set for measuring, and two models beside it. */
  static synchronized Path folder() {
    if (folder == null) {
      try {
        folder = Files.createTempDirectory("spark-test").toRealPath();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
        for (String name : NAMES) {
          write("validation", name);
        }
        write("training", "x");
        Files.write(folder.resolve("data/classes.txt"), List.of("left", "right"));
        export("served", 3);
        export("other", 4);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folder;
  }

  static Path model() {
    return folder().resolve("served");
  }

  /** A model with other weights. */
  static Path otherModel() {
    return folder().resolve("other");
  }

  static Path images() {
    return folder().resolve("data/images/validation");
  }

  static String masks() {
    return folder().resolve("data/annotations/validation") + "/{name}.png";
  }

  private static void write(String split, String name) throws IOException {
    Path image = folder.resolve("data/images").resolve(split).resolve(name + ".png");
    Path mask = folder.resolve("data/annotations").resolve(split).resolve(name + ".png");
    Files.createDirectories(image.getParent());
    Files.createDirectories(mask.getParent());
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    new Random(name.hashCode()).nextBytes(rgb);
    ImageFiles.writeRgb(image, new Picture(WIDTH, HEIGHT, rgb));
    byte[] labels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % WIDTH < WIDTH / 2 ? 0 : i % 7 == 0 ? 255 : 1);
    }
    ImageFiles.writeMask(mask, WIDTH, HEIGHT, labels, Palette.of(2));
  }

  /** A narrow model with new weights, for photographs of their own size. */
  private static void export(String name, int seed) {
    Engine engine = Engine.getEngine("PyTorch");
    engine.setRandomSeed(seed);
    SegmentationModel model =
        SegmentationModel.builder()
            .setBackbone(BACKBONE.build(0))
            .setHead(HeadVariant.FPN)
            .optFeatures(16)
            .setClasses(2)
            .build();
    NDManager manager = engine.newBaseManager(Device.cpu());
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.CLASS_MAP, false, Precision.FP32, Optimization.ANY_DEVICE);
    ExportSource.Photographs photographs = ExportSource.Photographs.ofOwnSize(ImageRules.ALIGNED);
    try (ExportSource source =
        new ExportSource(
            manager, model, "narrow_pvt", "fpn", List.of("left", "right"), photographs, "new", 0)) {
      ModelCard card = ModelCard.of(source, form, "1");
      ExportFormat.DJL.write(source, form, card, folder.resolve(name));
    }
  }

  /** Runs {@code segtrain-spark}, inside this JVM. */
  static Outcome command(Object... arguments) {
    spark();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = SegtrainSpark.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    command.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    return new Outcome(command.execute(words), out.toString(), err.toString());
  }

  /** The bytes of all files of a folder, by their paths below it. */
  static Map<String, List<Byte>> files(Path folder) throws IOException {
    Map<String, List<Byte>> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        files.put(folder.relativize(file).toString(), List.of(boxed));
      }
    }
    return files;
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      return; // the system removes it
    }
  }
}
