package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;

class ExportCommandTest {

  private static final int SIDE = 64;
  private static final Pattern EQUAL_CLASSES = Pattern.compile("(?m)^ {14}equal classes (\\S+) %$");

  @TempDir private Path dir;

  @Tag("slow")
  @Test
  void anExportedRunSegmentsAsPredictDoes() throws Exception {
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    Path run = dir.resolve("run");
    Outcome trained = data.train(run, SIDE);
    assertEquals(0, trained.code(), trained.err());
    Path file = dir.resolve("model.pt");
    assertEquals(0, Outcome.of("export", run, "--out", file).code()); // an earlier one
    Outcome exported =
        Outcome.of("export", run, "--out", file, "--input", "uint8", "--output", "class_map");
    assertEquals(0, exported.code(), exported.err());
    assertLines(
        exported,
        "pvt_tiny with fpn, 2 classes, step 1, fp32",
        "  input       image uint8 [batch, height, width, 3]: colours 0-255, red first",
        "  output      class_map uint8 [batch, height, width]: number of the class",
        "  photographs aligned: short edge 64, long edge at most 256, edges resized up to multiples of 32",
        "  file        " + file + ", torchscript, ");
    Matcher equal = EQUAL_CLASSES.matcher(exported.out());
    assertTrue(equal.find(), exported.out());
    // a step has hardly told the classes apart, and scores that almost tie may change their order
    assertTrue(Double.parseDouble(equal.group(1)) > 99.99, exported.out());

    Picture picture = TinyFolder.noise(SIDE, SIDE); // of the size that predict works at
    Path image = dir.resolve("image.png");
    ImageFiles.writeRgb(image, picture);
    Outcome predicted = Outcome.of("predict", run, image, "--out", dir.resolve("out"));
    assertEquals(0, predicted.code(), predicted.err());
    int[] mask = ImageFiles.readLabels(dir.resolve("out/masks/image.png")).values();
    assertArrayEquals(mask, segmented(file, picture));
  }

  /** PyTorch for other processors may lack the operations. */
  @Tag("slow")
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  @Test
  void anInt8FileSaysSoAndPredictsWithThePhotographsThatItWasCalibratedOn() throws Exception {
    Path photographs = Files.createDirectory(dir.resolve("photographs"));
    ImageFiles.writeRgb(photographs.resolve("a.png"), TinyFolder.noise(SIDE, SIDE));
    ImageFiles.writeRgb(photographs.resolve("b.png"), TinyFolder.noise(SIDE, 2 * SIDE));
    Path file = dir.resolve("model.pt");
    Outcome exported =
        Outcome.of(
            "export",
            "--backbone",
            "pvt_tiny",
            "--classes",
            3,
            "--crop",
            SIDE,
            "--input",
            "uint8",
            "--out",
            file,
            "--int8",
            photographs);
    assertEquals(0, exported.code(), exported.err());
    assertLines(exported, "pvt_tiny with fpn, 3 classes, new weights, fp32 with layers in int8");
    Outcome predicted = Outcome.of("predict", file, photographs, "--out", dir.resolve("out"));
    assertEquals(0, predicted.code(), predicted.err());
    assertTrue(Files.exists(dir.resolve("out/masks/b.png")));
    assertPredictsInAProcess(file, photographs);
    Outcome inspected = Outcome.of("weights", "inspect", file);
    assertEquals(1, inspected.code());
    assertTrue(
        inspected.err().contains("packs its weights as it is loaded, as exports for a CPU do"),
        inspected.err());
    Outcome onnx =
        Outcome.of(
            "export",
            "--backbone",
            "pvt_tiny",
            "--classes",
            3,
            "--out",
            dir.resolve("m.onnx"),
            "--int8",
            photographs);
    assertEquals(2, onnx.code());
    String sentence =
        "int8 is for TorchScript, but the format is onnx; quantise the file by the tools of its"
            + " runtime (docs/export.md)";
    assertTrue(onnx.err().contains(sentence), onnx.err());
  }

  @Tag("slow")
  @Test
  void newWeightsAreExportedWithTheirComparison() {
    Path file = dir.resolve("model.pth");
    Outcome exported =
        Outcome.of("export", "--backbone", "pvt_tiny", "--classes", 3, "--out", file, "--optimize");
    assertEquals(0, exported.code(), exported.err());
    assertLines(
        exported,
        "pvt_tiny with fpn, 3 classes, new weights, fp32",
        "  photographs aligned: own size, since no --crop says",
        "  output      logits float32 [batch, 3, height/4, width/4]: ",
        "  compared    with the model on images of ",
        "              largest difference ");
    assertTrue(Files.exists(file));
  }

  @Tag("slow")
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void weightsOfOthersBecomeAFolderThatKnowsTheirSize() throws IOException {
    Path weights = dir.resolve("theirs.pt");
    Outcome made = Outcome.of("export", "--backbone", "pvt_tiny", "--classes", 2, "--out", weights);
    assertEquals(0, made.code(), made.err());
    Path folder = dir.resolve("served");
    Outcome exported =
        Outcome.of(
            "export",
            "--weights",
            weights,
            "--backbone",
            "pvt_tiny",
            "--classes",
            2,
            "--crop",
            96,
            "--format",
            "djl",
            "--confidence",
            "--out",
            folder);
    assertEquals(0, exported.code(), exported.err());
    assertLines(
        exported,
        "pvt_tiny with fpn, 2 classes, weights of theirs.pt, fp32",
        "  output      confidence float32",
        "  photographs aligned: short edge 96, long edge at most 384, edges resized up to multiples of 32");
    String properties = Files.readString(folder.resolve("serving.properties"));
    assertTrue(properties.contains("shortEdge=96\n"), properties);
    String card = Files.readString(folder.resolve("segtrain.json"));
    assertTrue(card.contains("\"weights\" : \"theirs.pt\""), card);
  }

  @Tag("slow")
  @Test
  void newWeightsBecomeAnOnnxFile() {
    Path file = dir.resolve("model.onnx");
    Outcome exported =
        Outcome.of(
            "export", "--backbone", "pvt_tiny", "--classes", 2, "--crop", SIDE, "--out", file);
    assertEquals(0, exported.code(), exported.err());
    assertLines(
        exported,
        "pvt_tiny with fpn, 2 classes, new weights, fp32",
        "  photographs aligned: short edge 64, ",
        "  file        %s, onnx, ".formatted(file),
        "              largest difference ");
  }

  @Tag("slow")
  @Test
  void anExportThatIsAskedToEndLeavesNothing() throws Exception {
    Path folder = Files.createDirectory(dir.resolve("empty"));
    Process process =
        started(
            "export",
            "--backbone=pvt_tiny",
            "--classes=2",
            "--format=djl",
            "--out=" + folder.resolve("served"));
    while (process.isAlive() && names(folder).isEmpty()) {
      Thread.sleep(10);
    }
    String draft = names(folder).get(0);
    assertTrue(draft.startsWith(".served."), draft);
    process.destroy(); // as Ctrl-C does, asks the process to end
    process.waitFor();
    assertEquals(List.of(), names(folder));
  }

  /** There the file is loaded before an operation of ours, with PyTorch's allocator. */
  private void assertPredictsInAProcess(Path file, Path photographs) throws Exception {
    Process process =
        started(
            "predict", file.toString(), photographs.toString(), "--out=" + dir.resolve("again"));
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static Process started(String... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java, "-Dai.djl.offline=true", "-cp", classes));
    command.add(Segtrain.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void assertLines(Outcome outcome, String... starts) {
    for (String start : starts) {
      assertTrue(outcome.out().lines().anyMatch(line -> line.startsWith(start)), outcome.out());
    }
  }

  private static int[] segmented(Path file, Picture picture)
      throws IOException, MalformedModelException, TranslateException {
    Shape shape = new Shape(1, picture.height(), picture.width(), 3);
    try (Model model = Model.newInstance("exported", "PyTorch");
        NDManager manager = model.getNDManager().newSubManager()) {
      model.load(file);
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null))) {
        ByteBuffer rgb = ByteBuffer.wrap(picture.rgb());
        NDList images = new NDList(manager.create(rgb, shape, DataType.UINT8));
        return predictor.predict(images).head().toType(DataType.INT32, false).toIntArray();
      }
    }
  }
}
