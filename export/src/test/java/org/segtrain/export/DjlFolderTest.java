package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.ParameterStore;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.augment.Fitted;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.serving.ConfidentMask;
import org.segtrain.serving.SegmentationTranslatorFactory;

final class DjlFolderTest {

  private static final Deployment BYTES =
      new Deployment(
          InputForm.UINT8, OutputForm.CLASS_MAP, false, Precision.FP32, Optimization.NONE);
  private static final int CLASSES = 7;
  private static final int CROP = 64;

  @TempDir static Path work;
  private static byte[] expected;

  /** In the place of an earlier export. */
  @BeforeAll
  static void export() throws IOException {
    Path folder = Files.createDirectory(work.resolve("served"));
    Files.writeString(folder.resolve("synset.txt"), "only class");
    Files.writeString(folder.resolve("segtrain.json"), "{\"format\": \"segtrain export 1\"}");
    Files.writeString(folder.resolve(".DS_Store"), "where the icons were");
    Image photograph = ImageFactory.getInstance().fromImage(noise(90, 70));
    try (ExportSource model = model();
        OutputStream file = Files.newOutputStream(work.resolve("photo.png"))) {
      photograph.save(file, "png");
      write(model, BYTES, folder);
      expected = classes(model, photograph);
    }
    assertTrue(IntStream.range(0, expected.length).anyMatch(i -> expected[i] != expected[0]));
  }

  @Test
  void programsThatKnowOnlyDjlGetWhatTheModelGives() throws Exception {
    String output = withoutSegtrain(PlainDjlUser.class);
    assertTrue(output.contains("top left: class " + expected[0]), output);
    assertArrayEquals(expected, Files.readAllBytes(work.resolve("image.bin")), output);
    assertArrayEquals(expected, Files.readAllBytes(work.resolve("arrays.bin")), output);
    BufferedImage answer = ImageIO.read(work.resolve("answer.png").toFile());
    assertArrayEquals(expected, ((DataBufferByte) answer.getRaster().getDataBuffer()).getData());
  }

  @Test
  void anEarlierExportIsReplacedAndNothingIsLeftBehind() throws IOException {
    assertEquals(CLASSES, Files.readAllLines(work.resolve("served/synset.txt")).size());
    assertEquals(List.of(), names(work).stream().filter(name -> name.startsWith(".")).toList());
  }

  @Test
  void aFolderOfOtherFilesIsRefusedAndStaysAsItIs() throws IOException {
    Path folder = Files.createDirectories(work.resolve("other/mine"));
    Files.writeString(folder.resolve("thesis.tex"), "dear");
    try (ExportSource model = model()) {
      Exception error = assertThrows(DataException.class, () -> write(model, BYTES, folder));
      assertTrue(error.getMessage().contains("it holds thesis.tex"), error.getMessage());
    }
    assertEquals(List.of("thesis.tex"), names(folder));
    assertEquals(List.of("mine"), names(folder.getParent()));
  }

  @Test
  void anExportToWhichAFileWasAddedIsRefusedAndStaysAsItIs() throws IOException {
    Path libraries = Files.createDirectories(work.resolve("extended/libs"));
    Path folder = libraries.getParent();
    Files.writeString(folder.resolve("segtrain.json"), "{\"format\": \"segtrain export 1\"}");
    Files.writeString(libraries.resolve("theirs.jar"), "precious");
    try (ExportSource model = model()) {
      Exception error = assertThrows(DataException.class, () -> write(model, BYTES, folder));
      String held = Path.of("libs", "theirs.jar").toString();
      assertTrue(error.getMessage().contains("it holds " + held), error.getMessage());
    }
    assertEquals(List.of("theirs.jar"), names(libraries));
  }

  @Test
  void whatTheTranslatorDoesNotReadIsRefused() {
    Deployment full =
        new Deployment(
            InputForm.UINT8, OutputForm.FULL_LOGITS, false, Precision.FP32, Optimization.NONE);
    Exception error = assertThrows(IllegalArgumentException.class, () -> DjlFolder.check(full));
    String wanted = "output class_map or logits, but got input uint8 and output full_logits";
    assertTrue(error.getMessage().contains(wanted), error.getMessage());
  }

  @Test
  void aModelOfAnotherProgramIsRefusedAndStays() throws IOException {
    Path folder = Files.createDirectory(work.resolve("resnet18"));
    Files.writeString(folder.resolve("model.pt"), "precious");
    Files.writeString(folder.resolve("synset.txt"), "cat");
    try (ExportSource model = model()) {
      Exception error = assertThrows(DataException.class, () -> write(model, BYTES, folder));
      assertTrue(error.getMessage().contains("a model of another program"), error.getMessage());
    }
    assertEquals(List.of("model.pt", "synset.txt"), names(folder));
  }

  @Tag("slow")
  @Test
  void behindALinkTheFolderIsReplaced() throws IOException {
    Path real = Files.createDirectories(work.resolve("volume/real"));
    Path link = Files.createSymbolicLink(work.resolve("link"), real);
    try (ExportSource model = model()) {
      write(model, BYTES, link);
    }
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(names(real).contains("model.pt"), names(real).toString());
    assertEquals(List.of("real"), names(real.getParent()));
  }

  @Tag("slow")
  @Test
  void aModelWithConfidencesGivesAMaskThatHasThem() throws Exception {
    Deployment form =
        new Deployment(
            InputForm.UINT8, OutputForm.CLASS_MAP, true, Precision.FP32, Optimization.NONE);
    Path folder = work.resolve("confident");
    Image photograph = ImageFactory.getInstance().fromImage(noise(90, 70));
    try (ExportSource original = model();
        NDManager scope = Engine.getEngine("PyTorch").newBaseManager()) {
      write(original, form, folder);
      float[] wanted = outputs(original, form, photograph, scope).get(1).toFloatArray();
      ConfidentMask mask = (ConfidentMask) predictions(folder, null, List.of(photograph)).get(0);
      for (int y = 0; y < 70; y++) {
        float[] row = Arrays.copyOfRange(wanted, 90 * y, 90 * (y + 1));
        assertArrayEquals(row, mask.getConfidence()[y], 1e-5f);
      }
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void photographsGoInAsInEvaluation(ImageRules rules) throws Exception {
    Path folder = scoring(rules);
    for (Point size : List.of(new Point(300, 211), new Point(50, 40), new Point(30, 400))) {
      BufferedImage photograph = noise(size.x, size.y);
      Fitted wanted = rules.evaluation(CROP).apply(picture(photograph));
      List<Picture> seen = new ArrayList<>();
      predictions(folder, seen, List.of(ImageFactory.getInstance().fromImage(photograph)));
      Picture last = seen.get(seen.size() - 1); // after a warm-up
      Picture picture = wanted.picture();
      assertEquals(picture.height(), last.height());
      assertEquals(picture.width(), last.width());
      assertTrue(difference(picture.rgb(), last.rgb()) <= 2, rules.toString()); // of rounding twice
    }
  }

  /** A model that gives scores, exported once for all tests. */
  private static Path scoring(ImageRules rules) {
    Path folder = work.resolve("scores-" + rules);
    if (!Files.exists(folder)) {
      Deployment form =
          new Deployment(
              InputForm.UINT8, OutputForm.LOGITS, false, Precision.FP32, Optimization.NONE);
      try (ExportSource model =
          NarrowModels.of(HeadVariant.OCR, CLASSES, 1, ExportSource.Photographs.of(rules, CROP))) {
        write(model, form, folder);
      }
    }
    return folder;
  }

  /** But for how photographs are resized, which rounds twice where this rounds once. */
  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void scoresAreEnlargedAsInPrediction(ImageRules rules) throws Exception {
    try (ExportedModel used =
        ExportedModel.load(scoring(rules), Resources.start("cpu", 1, 1), Overlay.of("test"))) {
      for (Point size : List.of(new Point(300, 211), new Point(64, 64), new Point(67, 80))) {
        BufferedImage photograph = noise(size.x, size.y);
        byte[] wanted = used.segment(picture(photograph));
        List<Image> images = List.of(ImageFactory.getInstance().fromImage(photograph));
        int[][] mask = predictions(scoring(rules), null, images).get(0).getMask();
        long same =
            IntStream.range(0, wanted.length)
                .filter(i -> mask[i / size.x][i % size.x] == wanted[i])
                .count();
        Fitted read = rules.evaluation(CROP).apply(picture(photograph));
        boolean isResized = read.width() != size.x || read.height() != size.y;
        long least = isResized ? wanted.length * 995L / 1000 : wanted.length;
        assertTrue(same >= least, rules + ": " + same + " of " + wanted.length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_INDEXED
      })
  void filesOfAllKindsGoInAsTrainingReadsThem(int type) throws Exception {
    BufferedImage image = new BufferedImage(61, 47, type);
    Random random = new Random(type);
    int[] samples = new int[61 * 47 * image.getRaster().getNumBands()];
    int values = 1 << image.getRaster().getSampleModel().getSampleSize(0);
    Arrays.setAll(samples, i -> random.nextInt(values));
    image.getRaster().setPixels(0, 0, 61, 47, samples);
    Path file = work.resolve("kind-%d.png".formatted(type));
    ImageIO.write(image, "png", file.toFile());
    List<Picture> seen = new ArrayList<>();
    predictions(work.resolve("served"), seen, List.of(ImageFactory.getInstance().fromFile(file)));
    assertArrayEquals(ImageFiles.readRgb(file).rgb(), seen.get(seen.size() - 1).rgb());
  }

  /** The largest between two colours, 0-255. */
  private static int difference(byte[] rgb, byte[] other) {
    return IntStream.range(0, rgb.length)
        .map(i -> Math.abs(Byte.toUnsignedInt(rgb[i]) - Byte.toUnsignedInt(other[i])))
        .max()
        .orElseThrow();
  }

  private static Picture picture(BufferedImage image) {
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / 3;
      int colours = image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
      rgb[i] = (byte) (colours >> (8 * (2 - i % 3)));
    }
    return new Picture(image.getWidth(), image.getHeight(), rgb);
  }

  /**
   * What the folder gives.
   *
   * @param seen gets what goes into the model, which is then not run; or null
   */
  private static List<CategoryMask> predictions(
      Path folder, List<Picture> seen, List<Image> photographs) throws Exception {
    Criteria<Image, CategoryMask> criteria =
        Criteria.builder()
            .setTypes(Image.class, CategoryMask.class)
            .optModelPath(folder)
            .optTranslatorFactory(new SegmentationTranslatorFactory())
            .build();
    try (ZooModel<Image, CategoryMask> model = criteria.loadModel()) {
      if (seen != null) {
        model.setBlock(
            new LambdaBlock(
                pixels -> {
                  Shape shape = pixels.head().getShape(); // 1 H W 3
                  byte[] rgb = pixels.head().toByteArray();
                  seen.add(new Picture((int) shape.get(2), (int) shape.get(1), rgb));
                  return new NDList(pixels.head().min(new int[] {3})); // B H W
                }));
      }
      try (Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
        return predictor.batchPredict(photographs);
      }
    }
  }

  private static ExportSource model() {
    return NarrowModels.of(HeadVariant.FPN, CLASSES, 1);
  }

  private static void write(ExportSource model, Deployment form, Path folder) {
    DjlFolder.write(model, form, ModelCard.of(model, form, "test"), folder);
  }

  private static byte[] classes(ExportSource model, Image photograph) {
    try (NDManager scope = Engine.getEngine("PyTorch").newBaseManager()) {
      return outputs(model, BYTES, photograph, scope).get(0).toByteArray();
    }
  }

  private static NDList outputs(
      ExportSource model, Deployment form, Image photograph, NDManager scope) {
    NDArray pixels = photograph.toNDArray(scope).expandDims(0);
    ParameterStore parameters = new ParameterStore(scope, false);
    return model.deployed(form).forward(parameters, new NDList(pixels), false);
  }

  private static BufferedImage noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24) & (x < width / 2 ? 0x3F3FFF : 0xFFFF3F));
      }
    }
    return image;
  }

  /** Runs a program of the tests beside the folder, with libraries but no module of segtrain. */
  private static String withoutSegtrain(Class<?> program) throws Exception {
    Path root = Path.of("..").toRealPath();
    Path tests = Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).startsWith(root))
            .filter(entry -> !entry.contains("/org/segtrain/")) // or one that was installed
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Doffline=true",
            "-cp",
            tests + File.pathSeparator + libraries,
            program.getName());
    Process process = builder.directory(work.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
