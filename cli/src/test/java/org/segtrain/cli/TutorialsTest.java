package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.example.TrainsAndPredicts;
import com.example.UsesServedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.ShapesDataset;
import org.segtrain.engine.StateDict;
import org.segtrain.releases.ReleaseCache;
import org.segtrain.releases.Releases;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;

/** The tutorials from end to end: the commands of the pages themselves, at small sizes. */
@Tag("slow")
class TutorialsTest {

  private static final Path PAGES = Path.of("..", "docs", "tutorials");
  private static final Pattern BLOCK = Pattern.compile("```sh\\R(.*?)```", Pattern.DOTALL);
  private static final String PROGRAM = "./segtrain ";
  private static final String ONE_STEP =
      "--iterations 1 --warmup 0 --batch 2 --crop 64 --precision fp32 --workers 1";

  /** Sizes of the pages, and those in their place. */
  private static final Map<String, String> SMALLER =
      Map.of(
          "--backbone pvt_small --dataset folder --data my/images --iterations 8000",
          "--backbone pvt_tiny --dataset folder --data my/images " + ONE_STEP,
          "--iterations 4000",
          ONE_STEP,
          "--iterations 1000",
          ONE_STEP,
          "--batch 4",
          ONE_STEP + " --accumulate 1",
          "--size 512",
          "--size 64 --warm-up 0 --repeats 1");

  /** Words that are files; here they lie in the folder of the test. */
  private static final Pattern FILE =
      Pattern.compile(
          "data/ade|my/images|runs/\\w+|served|from-served|predicted|\\w+\\.(csv|jpg|p\\w+)");

  @TempDir private Path dir;

  private TinyFolder images;
  private Path photograph;

  @BeforeEach
  void laysOutImages() throws IOException {
    images = TinyFolder.in(dir.resolve("my/images"), "left", "right");
    photograph = dir.resolve("photo.jpg");
    BufferedImage photo = ImageIO.read(images.image("validation", "a").toFile());
    assertTrue(ImageIO.write(photo, "jpg", photograph.toFile()));
  }

  @AfterAll
  static void removesWeights() throws IOException {
    Files.deleteIfExists(official());
  }

  @Test
  void ownImagesBecomeAServedModel() throws Exception {
    String said = run("own-images.md");
    assertTrue(said.contains("mIoU"), said);
    CategoryMask served = UsesServedModel.segment(dir.resolve("served"), photograph);
    assertEquals(List.of("left", "right"), served.getClasses());
    int[] predicted = ImageFiles.readLabels(dir.resolve("from-served/masks/photo.png")).values();
    int[] answered = Arrays.stream(served.getMask()).flatMapToInt(Arrays::stream).toArray();
    assertEquals(TinyFolder.WIDTH * TinyFolder.HEIGHT, answered.length);
    assertEquals(predicted.length, answered.length);
  }

  @Test
  void anOfficialCheckpointIsFineTuned() throws Exception {
    convertRandomWeights();
    String said = run("fine-tune.md");
    assertTrue(said.contains(official().toString()), said);
    assertTrue(said.contains("arrays loaded"), said);
    assertTrue(said.contains("like pvt_small (100.0 % of the arrays) with fpn"), said);
  }

  @Test
  void aDjlProgramTrainsAndPredicts() throws Exception {
    Path run = dir.resolve("runs/shapes");
    ShapesDataset scenes = new ShapesDataset(64, 4, 2);
    TrainsAndPredicts.train(scenes, 1, run);
    CategoryMask mask = TrainsAndPredicts.predict(run, photograph);
    assertEquals(scenes.classes(), mask.getClasses());
    assertEquals(TinyFolder.HEIGHT, mask.getMask().length);
    run("djl-program.md");
    int[] predicted = ImageFiles.readLabels(dir.resolve("predicted/masks/photo.png")).values();
    assertEquals(mask.getMask()[0][0], predicted[0]);
  }

  @Test
  void aRecipeIsReproduced() throws Exception {
    convertRandomWeights();
    TinyFolder ade = TinyFolder.in(dir.resolve("data/ade/ADEChallengeData2016"), "wall");
    ade.writeMask("training", "b", TinyFolder.WIDTH, TinyFolder.HEIGHT, 2); // building
    String said = run("recipe.md");
    assertTrue(said.contains("41.9"), said);
    assertTrue(said.contains("arrays loaded"), said);
    assertTrue(said.contains("mIoU"), said);
  }

  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void twoBackbonesAreCompared() throws Exception {
    String said = run("compare-backbones.md");
    assertTrue(
        said.lines().anyMatch(l -> l.matches("2 images, MPViT better on [012], mean .* \\+- .*")),
        said);
  }

  /** Does what the page says, block by block, and returns what the commands wrote. */
  private String run(String page) throws IOException, InterruptedException {
    String text = Files.readString(PAGES.resolve(page)).replace("\\\n", " ");
    List<String> blocks = BLOCK.matcher(text).results().map(m -> m.group(1)).toList();
    assertFalse(blocks.isEmpty());
    StringBuilder said = new StringBuilder();
    for (String block : blocks) {
      if (block.startsWith(PROGRAM)) {
        for (String line : block.lines().toList()) {
          said.append(segtrain(line));
        }
      } else {
        said.append(shell(block));
      }
    }
    return said.toString();
  }

  private String segtrain(String line) {
    assertTrue(line.startsWith(PROGRAM), line);
    String smaller = line.substring(PROGRAM.length()).replace("'", "");
    for (Map.Entry<String, String> size : SMALLER.entrySet()) {
      smaller = smaller.replace(size.getKey(), size.getValue());
    }
    Object[] words =
        Arrays.stream(smaller.split(" +"))
            .map(word -> FILE.matcher(word).matches() ? dir.resolve(word).toString() : word)
            .toArray();
    Outcome outcome = Outcome.of(words);
    assertEquals(0, outcome.code(), () -> line + "\n" + outcome.err());
    return outcome.out();
  }

  private String shell(String block) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", block)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), said);
    return said;
  }

  /** Puts weights of the official names where the command keeps what it fetched. */
  private void convertRandomWeights() throws IOException {
    Path random = dir.resolve("random.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      Backbone pvt = BackboneVariant.PVT_SMALL.build();
      pvt.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      StateDict.of(pvt).forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
      SafeTensorsWriter.write(random, Map.of(), arrays, ElementType.F32);
    }
    Files.createDirectories(official().getParent());
    Outcome converted = Outcome.of("weights", "convert", random, official(), "--overwrite");
    assertEquals(0, converted.code(), converted.err());
  }

  /** Below the {@code SEGTRAIN_CACHE} of the tests. */
  private static Path official() {
    return ReleaseCache.ofUser(true, line -> {}).file(Releases.of("pvt_small_imagenet"));
  }
}
