package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.ImageFiles;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;

/** Weights in files: made, looked into, and used by every command that takes them. */
@Tag("slow")
class WeightsCommandTest {

  private static final String[] MODEL = {
    "--backbone", "pvt_tiny", "--head", "fpn", "--crop", "32", "--precision", "fp32"
  };

  @TempDir private static Path shared;
  @TempDir private Path dir;

  private static TinyFolder data;
  private static Path run;
  private static Path weights;

  @BeforeAll
  static void trainsOneStep() throws IOException {
    data = TinyFolder.in(shared.resolve("data"), "left", "right");
    run = shared.resolve("run");
    weights = shared.resolve("weights.pth");
    done(train(data, run, "--backbone", "pvt_tiny"));
    done(Outcome.of("weights", "convert", run, weights));
  }

  @Test
  void aConvertedRunHasOfficialNames() throws IOException {
    JsonNode json = new ObjectMapper().readTree(inspected(weights, "--json"));
    List<String> names = json.get("arrays").findValuesAsText("name");
    assertTrue(names.contains("backbone.block1.0.attn.q.weight"), names.toString());
    assertTrue(names.contains("decode_head.conv_seg.weight"), names.toString());
    assertEquals("pvt_tiny", json.at("/model/backbone").asText());
    assertEquals(1.0, json.at("/model/share").asDouble());
    assertEquals("fpn", json.at("/model/head").asText());
    assertEquals(2, json.at("/model/classes").asInt());
  }

  @Test
  void inspectionNamesTheModelAndListsItsArrays() {
    String text = inspected(run);
    assertTrue(
        text.contains("like pvt_tiny (100.0 % of the arrays) with fpn (100.0 %) for 2"), text);
    assertTrue(
        text.lines().anyMatch(l -> l.matches("model\\.backbone\\.pos_embed1 +f32 +1x3136x64")));
    assertFalse(text.contains("optimizer."), "best.safetensors has none");
    Path last = run.resolve("last.safetensors");
    assertFalse(inspected(last).contains("optimizer.backbone"));
    assertTrue(inspected(last, "--all").contains("optimizer."));
  }

  @Test
  void weightsAreEvaluatedAsTheRunTheyAreOf() {
    String ofRun = done(Outcome.of("eval", run)).out();
    Outcome outcome =
        Outcome.of(with("eval", "--weights", weights, "--dataset", "folder", "--data", data.dir()));
    String ofWeights = done(outcome).out();
    assertTrue(ofWeights.startsWith("weights from " + weights), ofWeights);
    assertEquals(table(ofRun), table(ofWeights));
    for (String text : List.of(ofRun, ofWeights)) {
      assertTrue(
          text.contains("the first of them (width x height): 40x36 -> 36x32 -> 64x32"), text);
    }
  }

  @Test
  void weightsPredictWhatTheRunTheyAreOfDoes() {
    Path photo = data.image("validation", "a");
    done(Outcome.of("predict", run, photo, "--out", dir.resolve("a")));
    Path classes = data.dir().resolve("classes.txt");
    done(
        Outcome.of(
            with(
                "predict",
                "--weights",
                weights,
                "--classes",
                classes,
                photo,
                "--out",
                dir.resolve("b"))));
    assertArrayEquals(
        ImageFiles.readLabels(dir.resolve("a/masks/a.png")).values(),
        ImageFiles.readLabels(dir.resolve("b/masks/a.png")).values());
  }

  @Test
  void aRunStartsFromABackboneAndSaysWhatIsNew() {
    Path backbone = dir.resolve("backbone.safetensors");
    String[] only = {"--prefix-strip", "backbone.", "--type", "f16"};
    done(
        Outcome.of(
            Stream.concat(Stream.of("weights", "convert", run, backbone), Arrays.stream(only))
                .toArray()));
    assertTrue(inspected(backbone).contains("f16"));
    Path second = dir.resolve("second");
    Outcome outcome =
        train(data, second, "--backbone", "pvt_tiny", "--weights", backbone.toString());
    String said = done(outcome).out();
    assertTrue(said.contains("weights from %s: 156 arrays loaded".formatted(backbone)), said);
    assertTrue(said.contains("new, since the file has none: 60 arrays of neck, decode_head"), said);
    assertTrue(config(second).contains("\"weights\" : {"), config(second));
  }

  @Test
  void aCheckpointOfOtherClassesGivesAllButTheClassifier() throws IOException {
    TinyFolder three = TinyFolder.in(dir.resolve("three"), "left", "right", "top");
    Path best = run.resolve("best.safetensors");
    Outcome outcome =
        train(three, dir.resolve("out"), "--backbone", "pvt_tiny", "--weights", best.toString());
    assertTrue(
        done(outcome).out().contains("another number of classes or logits: decode_head.conv_seg."));
  }

  @Test
  void wrongWeightsAreRefusedBeforeTheRunBegins() {
    Path out = dir.resolve("out");
    Outcome variant = train(data, out, "--backbone", "pvt_small", "--weights", weights.toString());
    refused(1, variant, "looks like pvt_tiny, but the model is pvt_small: it lacks 140 arrays");
    Outcome missing = train(data, out, "--backbone", "pvt_tiny", "--weights", "none.pth");
    refused(1, missing, "none.pth", "no such file");
    assertTrue(Files.notExists(out), "nothing is written");
    Outcome resumed = Outcome.of("--resume", run, "--weights", weights);
    refused(2, resumed, "--resume goes on with the weights of the run; leave --weights out");
    Outcome part = train(data, out, "--backbone", "pvt_tiny", "--weights-part", "model");
    refused(2, part, "--weights-part model has no --weights");
    Outcome unknown =
        train(data, out, "--backbone=pvt_tiny", "--weights=" + weights, "--weights-part=ema");
    refused(1, unknown, "weights.pth has no part \"ema\", but backbone, decode_head, neck");
  }

  @Test
  void publishedWeightsAreRefusedBeforeAnythingIsFetched() {
    Path out = dir.resolve("published");
    Outcome unknown =
        train(data, out, "--backbone", "pvt_tiny", "--pretrained", "pvt_tiny_imagene");
    refused(
        2, unknown, "unknown --pretrained \"pvt_tiny_imagene\"; did you mean pvt_tiny_imagenet?");
    Outcome other =
        train(data, out, "--backbone", "pvt_tiny", "--pretrained", "pvt_small_imagenet");
    refused(
        2, other, "--pretrained pvt_small_imagenet is of pvt_small, but the model has pvt_tiny");
    Outcome both =
        train(
            data, out, "--backbone=pvt_tiny", "--pretrained=pvt_tiny_imagenet", "--weights=a.pth");
    refused(2, both, "--pretrained and --weights both name the first weights");
    Outcome resumed = Outcome.of("--resume", run, "--pretrained", "pvt_tiny_imagenet");
    refused(2, resumed, "--resume goes on with the weights of the run; leave --pretrained out");
    assertTrue(Files.notExists(out), "nothing is written");
  }

  @Test
  void whatWeightsDoNotSayMustBeSaid() throws IOException {
    Path photo = data.image("validation", "a");
    refused(2, Outcome.of("eval", "--weights", weights), "--weights needs --backbone");
    refused(
        2, Outcome.of("eval"), "give either the folder of a run (or a checkpoint) or --weights");
    Outcome classless =
        Outcome.of(with("predict", "--weights", weights, photo, "--out", dir.resolve("out")));
    refused(2, classless, "--weights needs --classes FILE");
    Outcome other =
        Outcome.of(
            with("predict", "--weights", weights, photo, "--out", dir, "--dataset", "ade20k"));
    refused(1, other, "weights.pth tells 2 classes apart, but 150 are asked for");
    Outcome run =
        Outcome.of(
            "predict", WeightsCommandTest.run, photo, "--out", dir, "--backbone", "pvt_tiny");
    refused(2, run, "a run, checkpoint or exported file has its model and classes");
  }

  @Test
  void aFileOfAnUnknownFormIsRefused() throws IOException {
    Path text = Files.writeString(dir.resolve("text.pth"), "no weights at all");
    refused(1, Outcome.of("weights", "inspect", text), "text.pth");
    Outcome npz = Outcome.of("weights", "convert", weights, dir.resolve("out.npz"));
    refused(2, npz, "out.npz ends neither in .safetensors nor in .pth");
    Outcome none =
        Outcome.of("weights", "convert", weights, dir.resolve("a.pth"), "--prefix-strip", "neko.");
    refused(1, none, "has no array whose name begins with \"neko.\"");
  }

  @Test
  void aCheckpointOfARunIsNotConvertedOntoItself() throws IOException {
    Path best = run.resolve("best.safetensors");
    Path last = run.resolve("last.safetensors");
    byte[] before = Files.readAllBytes(last);
    refused(2, Outcome.of("weights", "convert", run, best), "would replace", "which is read");
    refused(2, Outcome.of("weights", "convert", run, best, "--overwrite"), "which is read");
    refused(
        1,
        Outcome.of("weights", "convert", run, last),
        last + " is there already; choose another file, or replace it with --overwrite");
    refused(2, Outcome.of("weights", "convert", run, last, "--overwrite"), "would be lost");
    assertArrayEquals(before, Files.readAllBytes(last));
    refused(2, Outcome.of("weights", "average", best, last, "--out", last), "which is read");
    assertArrayEquals(before, Files.readAllBytes(last));
    Path out = Files.writeString(dir.resolve("a.pth"), "old");
    done(Outcome.of("weights", "convert", run, out, "--overwrite"));
    assertTrue(inspected(out).contains("like pvt_tiny"));
  }

  @Test
  void namesInAFileMoveNothingOnATerminal() throws IOException {
    String evil = "\u001b[2Jred\u202egnp\u200f\u061c\u009b\ud834\udd73\nsecond line";
    Path file = dir.resolve("evil.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      SafeTensorsWriter.write(
          file, Map.of(evil, evil), Map.of(evil, manager.ones(new Shape(1))), ElementType.F32);
    }
    String escaped = "\\u001b[2Jred\\u202egnp\\u200f\\u061c\\u009b\\ud834\\udd73\\u000asecond line";
    assertTrue(inspected(file, "--all").contains(escaped), inspected(file, "--all"));
    String json = inspected(file, "--json");
    assertEquals(evil, new ObjectMapper().readTree(json).at("/arrays/0/name").asText());
    Outcome none = Outcome.of("weights", "convert", file, dir.resolve("o.pth"), "--part", evil);
    refused(1, none, "has no part \"" + escaped);
    for (String said : List.of(inspected(file, "--all"), json, none.err())) {
      assertFalse(
          said.matches("(?s).*[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200f\u202e\u061c].*"),
          said);
    }
  }

  @Test
  void aNameTwiceIsSaidSo() throws IOException {
    String entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
    byte[] header = "{%1$s,%1$s}".formatted(entry).getBytes(StandardCharsets.UTF_8);
    Path file = dir.resolve("twice.safetensors");
    Files.write(
        file,
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
    refused(1, Outcome.of("weights", "inspect", file), "its header has the name a twice");
  }

  /** Whatever the file is called. */
  @Test
  void aFileOfWeightsThatIsNoCheckpointIsSaidSo() throws IOException {
    Path file = Files.copy(weights, dir.resolve("weights.ckpt"));
    Outcome outcome = Outcome.of("eval", file, "--data", data.dir());
    refused(1, outcome, "weights.ckpt is no checkpoint of segtrain: it is a zip file");
    assertTrue(outcome.sentence().contains("give it with --weights FILE"), outcome.err());
  }

  /** What a command of weights advises, it can do. */
  @Test
  void adviceNamesOptionsThatThereAre() throws IOException {
    Path text = Files.writeString(dir.resolve("text.pth"), "no weights at all");
    Path parts = dir.resolve("parts.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = manager.ones(new Shape(1));
      SafeTensorsWriter.write(
          parts, Map.of(), Map.of("one/w", array, "two/w", array), ElementType.F32);
    }
    Path out = dir.resolve("new.pth");
    for (Path in : List.of(text, parts, weights, dir.resolve("none"), dir)) {
      for (Object[] more : new Object[][] {{}, {"--part", "x"}, {"--prefix-strip", "x"}}) {
        adviceIsOf("convert", Stream.concat(Stream.of(in, out), Arrays.stream(more)).toArray());
      }
      adviceIsOf("convert", in, weights);
      adviceIsOf("inspect", in, "--part", "x");
      adviceIsOf("average", in, weights, "--out", weights);
      adviceIsOf("average", in, text, "--out", dir.resolve("soup.npz"));
    }
  }

  private static void adviceIsOf(String command, Object... words) {
    Outcome outcome =
        Outcome.of(Stream.concat(Stream.of("weights", command), Arrays.stream(words)).toArray());
    String help = Outcome.of("weights", command, "--help").out();
    Matcher options = Pattern.compile("--[a-z-]+").matcher(outcome.sentence());
    while (options.find()) {
      assertTrue(help.contains(options.group()), outcome.err());
    }
  }

  @Test
  void aFileThatWantsToRunSomethingIsRefusedByName() throws IOException {
    Path touched = dir.resolve("touched");
    String command = "touch " + touched;
    String text = "X%c\0\0\0%s".formatted((char) command.length(), command); // BINUNICODE
    String pickle = "cposix\nsystem\n(%stR.".formatted(text);
    Path file = dir.resolve("evil.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "evil/data.pkl", pickle);
      put(zip, "evil/version", "3\n");
    }
    Outcome trained =
        train(data, dir.resolve("out"), "--backbone", "pvt_tiny", "--weights", file.toString());
    refused(1, trained, "evil.pth", "posix", "system");
    refused(1, Outcome.of("weights", "inspect", file), "evil.pth", "posix", "system");
    assertTrue(Files.notExists(touched));
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static Outcome train(TinyFolder folder, Path out, String... more) {
    Stream<Object> fixed =
        Stream.of(
            "--dataset",
            "folder",
            "--data",
            folder.dir(),
            "--out",
            out,
            "--crop",
            32,
            "--batch",
            2,
            "--iterations",
            1,
            "--warmup",
            0,
            "--precision",
            "fp32");
    return Outcome.of(Stream.concat(fixed, Arrays.stream(more)).toArray());
  }

  /** The words and the options that say what the weights are of. */
  private static Object[] with(Object... words) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(MODEL)).toArray();
  }

  private static String inspected(Path file, String... options) {
    Stream<Object> words = Stream.of("weights", "inspect", file);
    return done(Outcome.of(Stream.concat(words, Arrays.stream(options)).toArray())).out();
  }

  private static Outcome done(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
    return outcome;
  }

  private static List<String> table(String out) {
    return out.lines().dropWhile(line -> !line.startsWith("class")).toList();
  }

  private static String config(Path run) {
    try {
      return Files.readString(run.resolve("config.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(int code, Outcome outcome, String... parts) {
    assertEquals(code, outcome.code(), outcome.err());
    for (String part : parts) {
      assertTrue(outcome.sentence().contains(part), outcome.err());
    }
  }
}
