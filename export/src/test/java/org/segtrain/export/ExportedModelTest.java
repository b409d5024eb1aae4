package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.export.ExportSource.Photographs;
import org.segtrain.heads.HeadVariant;
import org.segtrain.inference.Resources;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.onnx.Onnx;
import org.segtrain.torchscript.Recordings;

final class ExportedModelTest {

  private static final Overlay NOTHING = Overlay.of("test");
  private static final int CLASSES = 5;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static Resources resources;
  private static ExportSource source; // HRFormer's rules: padded, blue first
  private static Path file; // reads bytes and gives logits

  @BeforeAll
  static void export() {
    resources = Resources.start("cpu", 2, 1);
    source = NarrowModels.of(HeadVariant.FPN, CLASSES, 3, Photographs.of(ImageRules.HRFORMER, 48));
    file = shared.resolve("model.pt");
    write(ExportFormat.TORCHSCRIPT, form(InputForm.UINT8, OutputForm.LOGITS), file);
  }

  private static Deployment form(InputForm input, OutputForm output) {
    return new Deployment(input, output, false, Precision.FP32, Optimization.NONE);
  }

  private static void write(ExportFormat format, Deployment form, Path out) {
    format.write(source, form, ModelCard.of(source, form, "1.0"), out);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          evaluation.flip | false
          evaluation.flip | true
          evaluation.scales | [1.0, 1.5]
          evaluation.window | 40x32
          evaluation.size | 128x64
          """)
  void logitsGiveTheClassesOfTheModelToTheLastPixel(String key, String value) {
    Overlay instead = NOTHING.with(key, value(value));
    Picture picture = noise(61, 43);
    assertArrayEquals(ofModel(instead, picture), ofFile(file, instead, picture));
  }

  private static Object value(String text) {
    return switch (text) {
      case "true", "false" -> Boolean.parseBoolean(text);
      case "[1.0, 1.5]" -> List.of(1.0, 1.5);
      default -> text;
    };
  }

  /** OCR's scores are enlarged with the centres of their corners in place. */
  @Tag("slow")
  @Test
  void scoresAreEnlargedAsThoseOfTheHead() {
    Path out = folder.resolve("ocr.pt");
    Photographs photographs = Photographs.of(ImageRules.EXACT, 40);
    Deployment form = form(InputForm.FLOAT, OutputForm.LOGITS);
    Picture picture = noise(61, 43);
    try (ExportSource ocr = NarrowModels.of(HeadVariant.OCR, CLASSES, 3, photographs)) {
      ExportFormat.TORCHSCRIPT.write(ocr, form, ModelCard.of(ocr, form, "1.0"), out);
      assertTrue(ocr.model().alignCorners());
      assertArrayEquals(ofModel(ocr, NOTHING, picture), ofFile(out, NOTHING, picture));
    }
  }

  /** Of photographs at their own size, where maps are not enlarged. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "TORCHSCRIPT, FLOAT, LOGITS, false, false, 1",
    "TORCHSCRIPT, FLOAT, FULL_LOGITS, false, true, 0.999",
    "TORCHSCRIPT, FLOAT, CLASS_MAP, false, false, 1",
    "TORCHSCRIPT, UINT8, CLASS_MAP, true, false, 1",
    "DJL, UINT8, CLASS_MAP, false, false, 1",
    "ONNX, FLOAT, LOGITS, false, false, 0.99",
    "ONNX, UINT8, CLASS_MAP, true, false, 0.99"
  })
  void everyFormGivesTheClassesOfTheModel(
      ExportFormat format,
      InputForm input,
      OutputForm output,
      boolean confidence,
      boolean optimized,
      double share) {
    Path out = folder.resolve(format == ExportFormat.ONNX ? "m.onnx" : "m.pt");
    write(
        format,
        new Deployment(
            input,
            output,
            confidence,
            Precision.FP32,
            optimized ? Optimization.ANY_DEVICE : Optimization.NONE),
        out);
    Picture picture = noise(64, 48);
    double equal = equal(ofModel(NOTHING, picture), ofFile(out, NOTHING, picture));
    assertTrue(equal >= share, () -> "equal " + equal);
  }

  @Tag("slow")
  @Test
  void bfloat16GivesAlmostTheSameClassesAndIsFixed() {
    Path out = folder.resolve("m.pt");
    Deployment form =
        new Deployment(
            InputForm.FLOAT, OutputForm.LOGITS, false, Precision.BF16, Optimization.NONE);
    write(ExportFormat.TORCHSCRIPT, form, out);
    Picture picture = noise(64, 48);
    double equal = equal(ofModel(NOTHING, picture), ofFile(out, NOTHING, picture));
    assertTrue(equal > 0.9 && equal <= 1, () -> "equal " + equal);
    refused(
        UsageException.class,
        out,
        NOTHING.with("run.precision", "fp32"),
        "run.precision is fp32, but " + out + " always computes in bf16");
  }

  @Tag("slow")
  @Test
  void classesAreNotAveraged() {
    Path out = folder.resolve("djl");
    write(ExportFormat.DJL, form(InputForm.UINT8, OutputForm.CLASS_MAP), out);
    assertTrue(ExportedModel.isAt(out));
    String sentence = "model.pt gives classes, and there are no scores to average";
    for (Overlay instead :
        new Overlay[] {
          NOTHING.with("evaluation.flip", true),
          NOTHING.with("evaluation.scales", List.of(1.0, 2.0)),
          NOTHING.with("evaluation.window", "64")
        }) {
      refused(UsageException.class, out, instead, sentence);
    }
    Picture picture = noise(64, 48);
    byte[] twice = ofFile(out, NOTHING.with("evaluation.size", "128x96"), picture);
    assertEquals(64 * 48, twice.length);
  }

  @Test
  void itSaysWhereItComesFrom() {
    try (ExportedModel model = ExportedModel.load(file, resources, NOTHING)) {
      assertEquals(
          List.of(
              file + ", torchscript in fp32: narrow_pvt with fpn, new weights", "uint8 -> logits"),
          model.origin());
      assertEquals(ExportSource.names(CLASSES), model.classes());
      assertEquals(source.palette().hex(4), model.palette().hex(4));
    }
  }

  @Test
  void whatTorchSaveWritesIsNoProgram() throws IOException {
    Path weights = zip("weights.pth", "archive/data.pkl", "archive/data/0");
    refused(DataException.class, weights, NOTHING, "weights.pth holds no program");
  }

  @Test
  void aFileThatEndsEarlyIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, whole.length / 2));
    refused(DataException.class, cut, NOTHING, "cut.pt is no whole TorchScript file");
    Path onnx = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, 1000));
    refused(DataException.class, onnx, NOTHING, "ONNX Runtime cannot load " + onnx);
    Path none = folder.resolve("none.onnx");
    refused(DataException.class, none, NOTHING, "none.onnx: there is no such file");
  }

  /** PyTorch would compute with the weights as they are. */
  @Test
  void aFileWithADamagedWeightIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 64;
    Path damaged = Files.write(folder.resolve("damaged.pt"), bytes);
    refused(DataException.class, damaged, NOTHING, "damaged.pt is damaged: its model/data/");
  }

  @Test
  void aProgramThatTheEngineCannotReadIsRefused() throws IOException {
    Path odd = zip("odd.pt", "odd/code/__torch__.py", "odd/data.pkl");
    refused(DataException.class, odd, NOTHING, "the engine cannot load " + odd);
  }

  /** Such as one that another program has quantised. */
  @Test
  void withoutItsDescriptionThatBesideItIsTaken() throws IOException {
    Path bare = folder.resolve("bare.onnx");
    Deployment form = form(InputForm.FLOAT, OutputForm.LOGITS);
    Onnx.of(Recordings.of(source.deployed(form), form.input().samples())).write(bare, draft -> {});
    refused(
        DataException.class, bare, NOTHING, "bare.onnx has no segtrain.json in it or beside it");
    Files.writeString(folder.resolve("segtrain.json"), ModelCard.of(source, form, "1").json());
    Picture picture = noise(61, 43);
    double equal = equal(ofModel(NOTHING, picture), ofFile(bare, NOTHING, picture));
    assertTrue(equal >= 0.99, () -> "equal " + equal);
  }

  /** In a class loader of its own that has everything but ONNX Runtime. */
  @Test
  void withoutOnnxRuntimeOneSentenceSaysSo() throws Exception {
    Path onnx = Files.write(folder.resolve("model.onnx"), new byte[] {1});
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!Path.of(entry).getFileName().toString().startsWith("onnxruntime")) {
        classPath.add(Path.of(entry).toUri().toURL());
      }
    }
    ClassLoader parent = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader without = new URLClassLoader(classPath.toArray(URL[]::new), parent)) {
      Class<?> model = without.loadClass(ExportedModel.class.getName());
      Method load =
          Arrays.stream(model.getMethods())
              .filter(method -> method.getName().equals("load"))
              .findFirst()
              .orElseThrow();
      Class<?> place = without.loadClass(Resources.class.getName());
      Class<?> device = without.loadClass(Device.class.getName());
      Object cpu =
          place
              .getConstructor(device, int.class, int.class)
              .newInstance(device.getMethod("cpu").invoke(null), 1, 1);
      Class<?> overlay = without.loadClass(Overlay.class.getName());
      Object nothing = overlay.getMethod("of", String.class).invoke(null, "test");
      Throwable error =
          assertThrows(InvocationTargetException.class, () -> load.invoke(null, onnx, cpu, nothing))
              .getCause();
      assertEquals(DataException.class.getName(), error.getClass().getName(), error::toString);
      assertTrue(error.getMessage().contains("format onnx needs ONNX Runtime"), error::getMessage);
    }
  }

  @Test
  void checkpointsAndFoldersOfOtherThingsAreNone() throws IOException {
    assertFalse(ExportedModel.isAt(Files.createDirectory(folder.resolve("empty"))));
    assertFalse(ExportedModel.isAt(folder.resolve("last.safetensors")));
  }

  private static void refused(
      Class<? extends RuntimeException> kind, Path model, Overlay instead, String sentence) {
    String message =
        assertThrows(kind, () -> ExportedModel.load(model, resources, instead).close())
            .getMessage();
    assertTrue(message.contains(sentence), message);
    assertEquals(1, message.lines().count(), message);
  }

  private Path zip(String name, String... entries) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(1);
      }
    }
    return file;
  }

  private static byte[] ofModel(Overlay instead, Picture picture) {
    return ofModel(source, instead, picture);
  }

  private static byte[] ofModel(ExportSource source, Overlay instead, Picture picture) {
    ModelCard card = ModelCard.of(source, form(InputForm.FLOAT, OutputForm.LOGITS), "1.0");
    TrainConfig config = CardConfig.of(file, card).with(instead);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Segmenter segmenter = new Segmenter(manager, Network.of(source.model()), config)) {
      return segmenter.segment(picture);
    }
  }

  private static byte[] ofFile(Path exported, Overlay instead, Picture picture) {
    try (ExportedModel model = ExportedModel.load(exported, resources, instead)) {
      return model.segment(picture);
    }
  }

  /** The share of equal classes. */
  private static double equal(byte[] some, byte[] others) {
    assertEquals(some.length, others.length);
    int equal = 0;
    for (int i = 0; i < some.length; i++) {
      equal += some[i] == others[i] ? 1 : 0;
    }
    return (double) equal / some.length;
  }

  private static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(1).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }
}
