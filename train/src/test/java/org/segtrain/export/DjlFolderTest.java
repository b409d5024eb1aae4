package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.errors.DataException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.train.Precision;

final class DjlFolderTest {

  private static final Deployment BYTES =
      new Deployment(InputForm.UINT8, OutputForm.CLASSES, false, Precision.FP32, false);
  private static final int CLASSES = 7;

  @TempDir static Path work;
  private static byte[] expected;

  /** In the place of an earlier export. */
  @BeforeAll
  static void export() throws IOException {
    Path folder = Files.createDirectory(work.resolve("served"));
    Files.writeString(folder.resolve("synset.txt"), "only class");
    Image photograph = ImageFactory.getInstance().fromImage(noise(90, 70));
    try (Original model = model();
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
    try (Original model = model()) {
      Exception error = assertThrows(DataException.class, () -> write(model, BYTES, folder));
      assertTrue(error.getMessage().contains("it holds thesis.tex"), error.getMessage());
    }
    assertEquals(List.of("thesis.tex"), names(folder));
    assertEquals(List.of("mine"), names(folder.getParent()));
  }

  @Test
  void scoresAreRefused() {
    Deployment scores =
        new Deployment(InputForm.UINT8, OutputForm.SCORES, false, Precision.FP32, false);
    try (Original model = model()) {
      Exception error =
          assertThrows(
              IllegalArgumentException.class, () -> write(model, scores, work.resolve("scores")));
      assertTrue(error.getMessage().contains("are to be uint8 and scores"), error.getMessage());
    }
  }

  private static Original model() {
    return Original.fresh(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES, 1);
  }

  private static void write(Original model, Deployment form, Path folder) {
    DjlFolder.write(model, form, ModelCard.of(model, form, "test"), folder);
  }

  private static byte[] classes(Original model, Image photograph) {
    try (NDManager scope = Engine.getEngine("PyTorch").newBaseManager()) {
      NDArray pixels = photograph.toNDArray(scope).expandDims(0);
      ParameterStore parameters = new ParameterStore(scope, false);
      return model
          .deployed(BYTES)
          .forward(parameters, new NDList(pixels), false)
          .get(0)
          .toByteArray();
    }
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
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Doffline=true",
            "-cp",
            tests + File.pathSeparator + libraries,
            program.getName());
    Process process = builder.directory(work.toFile()).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
