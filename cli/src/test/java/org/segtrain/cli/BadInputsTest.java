package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.cuda.Gpus;

/** What goes wrong for people, and the one sentence each hears. */
class BadInputsTest {

  private static final int USAGE = 2;
  private static final int DATA = 1;

  @TempDir private static Path shared;
  @TempDir private Path dir;

  /** A run of one step, which the tests only read. */
  private static Path run;

  private TinyFolder data;

  @BeforeAll
  static void trainsOneStep() throws IOException {
    run = shared.resolve("run");
    TinyFolder good = TinyFolder.in(shared.resolve("data"), "left", "right");
    Outcome outcome = train(good, run);
    assertEquals(0, outcome.code(), outcome.err());
  }

  @BeforeEach
  void makesData() throws IOException {
    data = TinyFolder.in(dir.resolve("data"), "left", "right");
  }

  @Test
  void missingMask() throws IOException {
    Files.delete(data.mask("training", "b"));
    refused(DATA, train(data), "b.png", "mask");
  }

  @Test
  void aRunAmongTheImagesOfItsData() {
    for (String place : new String[] {"images/training/run", "annotations", "images"}) {
      Path out = data.dir().resolve(place);
      refused(DATA, train(data, out), out + " is among the images or masks of the data", "--out");
    }
  }

  @Test
  void imageAndMaskOfDifferentSizes() {
    data.writeMask("training", "a", 20, 10, 1);
    data.writeMask("training", "b", 20, 10, 1);
    refused(DATA, train(data), "40 x 36", "20 x 10");
  }

  @Test
  void labelOutOfRange() {
    data.writeMask("training", "a", TinyFolder.WIDTH, TinyFolder.HEIGHT, 7);
    data.writeMask("training", "b", TinyFolder.WIDTH, TinyFolder.HEIGHT, 7);
    refused(DATA, train(data), "label 7", "0-1", "255");
  }

  @Test
  void aValidationMaskIsLookedAtBeforeTheFirstStep() {
    data.writeMask("validation", "b", TinyFolder.WIDTH, TinyFolder.HEIGHT, 7);
    Path out = dir.resolve("out");
    refused(DATA, train(data, out), "label 7 in " + data.mask("validation", "b"));
    assertTrue(Files.notExists(out.resolve("last.safetensors")), "no step was made");
  }

  @Test
  void aTrainingMaskOfAnotherSizeIsSeenBeforeTheFirstStep() {
    data.writeMask("training", "b", 20, 10, 1);
    Path out = dir.resolve("out");
    refused(DATA, train(data, out), data.mask("training", "b") + " is 20 x 10");
    assertTrue(Files.notExists(out.resolve("last.safetensors")), "no step was made");
  }

  @Test
  void corruptJpeg() throws IOException {
    Path jpeg = dir.resolve("broken.jpg");
    Files.write(jpeg, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1, 2, 3});
    refused(DATA, predict(jpeg), "broken.jpg");
  }

  @Test
  void emptyFolder() throws IOException {
    refused(DATA, predict(Files.createDirectory(dir.resolve("empty"))), "empty has no images");
    Outcome outcome = Outcome.of(options(dir.resolve("empty"), dir.resolve("out")));
    refused(DATA, outcome, "empty");
  }

  @Test
  void unknownBackbone() {
    Outcome outcome = Outcome.of("--backbone", "pvt_smal");
    refused(
        USAGE, outcome, "unknown --backbone \"pvt_smal\"; did you mean pvt_small?", "pvt_large");
  }

  @Test
  void otherClassesOnResume() throws IOException {
    TinyFolder other = TinyFolder.in(dir.resolve("other"), "left", "right", "top");
    Outcome outcome = Outcome.of("--resume", copyOfRun(), "--data", other.dir());
    refused(DATA, outcome, "number of classes 2", "has 3");
  }

  @Test
  void aRunThatIsDoneSaysSoWhenItIsResumed() throws IOException {
    Outcome outcome = Outcome.of("--resume", copyOfRun());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("the only step is done; raise --iterations"), outcome.out());
  }

  @Test
  void noSpaceOnTheDisk() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has a file for which there never is space");
    Path out = Files.createDirectory(dir.resolve("out"));
    Files.createSymbolicLink(out.resolve("log.jsonl"), full);
    refused(DATA, train(data, out), "cannot write", "No space left on device");
  }

  @Test
  void unreadableFile() throws IOException {
    Path link = dir.resolve("link.jpg");
    Files.createSymbolicLink(link, link); // not even root can read it
    refused(DATA, predict(link), "cannot read", "link.jpg");
  }

  @Test
  void cropLargerThanMemory() {
    Outcome outcome =
        Outcome.of("--backbone", "pvt_tiny", "--crop", "60000", "--out", dir.resolve("out"));
    refused(DATA, outcome, "60000 x 60000", "this machine has", "lower --crop or --batch");
  }

  @Test
  void gpuAskedForAndAbsent() {
    assumeTrue(Gpus.find().all().isEmpty(), "there is a GPU");
    String why = Gpus.find().reason().orElseThrow();
    refused(DATA, Outcome.of("doctor", "--device", "gpu"), "--device gpu", why);
    Outcome outcome = Outcome.of("--backbone", "pvt_tiny", "--device", "gpu");
    refused(DATA, outcome, "--device gpu", why);
  }

  @Test
  void brokenCheckpoint() throws IOException {
    Path file = dir.resolve("cut.safetensors");
    byte[] whole = Files.readAllBytes(run.resolve("best.safetensors"));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    refused(DATA, Outcome.of("eval", file), "cut.safetensors");
  }

  @Test
  void exportedFilesThatAreNone() throws IOException {
    Path weights = dir.resolve("theirs.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(weights))) {
      zip.putNextEntry(new ZipEntry("theirs/data.pkl"));
    }
    refused(DATA, eval(weights), "theirs.pth holds no program", "give it with --weights FILE");
    Path old = Files.write(dir.resolve("old.pt"), new byte[] {(byte) 0x80, 2, 'N', '.'});
    refused(DATA, eval(old), "old.pt holds no program", "give it with --weights FILE");
    Path cut = Files.write(dir.resolve("cut.pt"), new byte[] {'P', 'K', 3, 4});
    refused(DATA, eval(cut), "cut.pt is no whole TorchScript file", "export or copy it again");
    Path onnx = Files.write(dir.resolve("cut.onnx"), new byte[] {8, 8});
    refused(
        DATA,
        eval(onnx),
        "ONNX Runtime cannot load",
        "cut.onnx: it is no whole model",
        "export or copy it again");
    Path image = data.image("validation", "a");
    Outcome none = Outcome.of("predict", dir.resolve("no.pt"), image, "--out", dir.resolve("out"));
    refused(DATA, none, "cannot read", "no.pt: there is no such file");
    assertFalse(Files.exists(dir.resolve("out")));
    Path empty = Files.createDirectory(dir.resolve("empty"));
    refused(DATA, eval(empty), "empty has neither checkpoints of a run nor the model.pt");
  }

  @Test
  void exportedFileWithoutDataOrWithAnotherModel() throws IOException {
    Path file = Files.writeString(dir.resolve("model.pt"), "");
    refused(
        USAGE, Outcome.of("eval", file), "model.pt does not name its training data", "--data DIR");
    Outcome other = Outcome.of("eval", file, "--data", data.dir(), "--backbone", "pvt_tiny");
    refused(USAGE, other, "a run, checkpoint or exported file has its model and classes");
  }

  @Test
  void whatIsNoModelAndNoShardIsCalledByItsKind() throws IOException {
    Path log = run.resolve("log.jsonl");
    Path other = Files.writeString(dir.resolve("x.json"), "{\"data\":{\"crop\": 9}}");
    Path text = Files.writeString(dir.resolve("notes.txt"), "mIoU was 0.5\n");
    Path image = data.image("validation", "a");
    Map<Path, String> kinds = new LinkedHashMap<>();
    kinds.put(run.resolve("config.json"), "the configuration of a run");
    kinds.put(log, "the log of a run");
    kinds.put(other, "JSON");
    kinds.put(text, "a text");
    kinds.put(image, "a PNG image");
    kinds.forEach(
        (file, kind) -> {
          String model = "%s is no checkpoint of segtrain: it is %s; give".formatted(file, kind);
          refused(DATA, eval(file), model, "the folder of a run");
          Outcome predicted = Outcome.of("predict", file, image, "--out", dir.resolve("out"));
          refused(DATA, predicted, model);
          refused(DATA, Outcome.of("export", file, "--out", dir.resolve("m.pt")), model);
          String shard = "%s is no shard: it is %s; give files".formatted(file, kind);
          refused(DATA, Outcome.of("eval", "merge", file), shard, "--shard I/N --out FILE wrote");
        });
    Path empty = Files.createFile(dir.resolve("empty"));
    refused(DATA, Outcome.of("eval", "merge", empty), "empty is no shard: it is empty; give files");
    refused(DATA, Outcome.of("eval", "merge", run), "cannot read " + run);
    Path odd = Files.write(dir.resolve("odd"), new byte[] {1, 2, 3});
    refused(DATA, Outcome.of("eval", "merge", odd), "odd is no shard: it is of no known form");
  }

  private Outcome eval(Path file) {
    return Outcome.of("eval", file, "--data", data.dir());
  }

  @Test
  void folderThatHoldsARunAlready() {
    refused(DATA, train(data, run), "holds a run already", "--resume");
  }

  @Test
  void exportToAnUnknownKindOfFile() {
    refused(USAGE, export(run, "model.pt", "--format", "torchscrip"), "mean torchscript?");
    refused(USAGE, export(run, "model.bin"), "model.bin", ".pt or .pth", "--format");
  }

  @Test
  void exportToAPlaceThatCannotBeWritten() throws IOException {
    refused(DATA, export(run, "none/model.pt"), "there is no folder", "none");
    Files.createDirectory(dir.resolve("folder.pt"));
    refused(DATA, export(run, "folder.pt"), "it is a folder");
  }

  @Test
  void exportOfARunWithoutCheckpoint() throws IOException {
    Path empty = Files.createDirectory(dir.resolve("empty"));
    refused(DATA, export(empty, "model.pt"), "empty has neither", "give the folder of a run");
  }

  @Test
  void exportOfNothingOrOfTwoThings() {
    refused(USAGE, export(run, "model.pt", "--classes", 2), "--classes", "leave");
    refused(USAGE, export(run, "model.pt", "--weights", "a.pth"), "--weights", "leave");
    String missing = "both --backbone (or --recipe) and --classes";
    Object out = dir.resolve("model.pt");
    refused(USAGE, Outcome.of("export", "--out", out), missing);
    refused(USAGE, Outcome.of("export", "--backbone", "pvt_tiny", "--out", out), missing);
    Outcome none = Outcome.of("export", "--backbone", "pvt_tiny", "--classes", 0, "--out", out);
    refused(USAGE, none, "classes must be from 1", "is 0");
  }

  @Test
  void exportOfWhatAnOutputCannotHold() {
    refused(USAGE, export(run, "model.pt", "--confidence"), "output class_map", "output is logits");
    refused(USAGE, export(run, "model.pt", "--output", "labels"), "unknown --output", "class_map");
    Object[] many = {
      "export", "--backbone", "pvt_tiny", "--classes", 256, "--output", "class_map", "--out"
    };
    Object[] words = Stream.concat(Stream.of(many), Stream.of(dir.resolve("m.pt"))).toArray();
    refused(USAGE, Outcome.of(words), "at most 255 classes", "are 256");
  }

  @Test
  void exportOfAFolderThatWouldNotGiveBytes() {
    Outcome outcome = export(run, "served", "--format", "djl", "--output", "full_logits");
    refused(USAGE, outcome, "class_map or logits, but got", "output full_logits", "leave them out");
  }

  @Test
  void exportOverItsOwnSource() throws IOException {
    Path weights = Files.writeString(dir.resolve("theirs.pth"), "precious");
    Object[] words = {
      "export", "--weights", weights, "--backbone", "pvt_tiny", "--classes", 2, "--out", weights
    };
    refused(USAGE, Outcome.of(words), "would replace", "theirs.pth, which is to be exported");
    assertEquals("precious", Files.readString(weights));
    Path best = run.resolve("best.safetensors");
    Outcome outcome = Outcome.of("export", best, "--out", best, "--format", "torchscript");
    refused(USAGE, outcome, "would replace", "best.safetensors, which is to be exported");
    outcome = Outcome.of("export", run, "--out", best, "--format", "torchscript");
    refused(USAGE, outcome, "would replace", "best.safetensors, which is to be exported");
  }

  @Test
  void exportOverAFileOfOthers() throws IOException {
    String last = copyOfRun().resolve("last.safetensors").toString();
    byte[] state = Files.readAllBytes(Path.of(last));
    refused(
        DATA,
        export(run, last, "--format", "torchscript"),
        last + " is there and is no earlier export, so it is not overwritten");
    assertArrayEquals(state, Files.readAllBytes(Path.of(last)));
    for (String name : new String[] {"theirs.pt", "theirs.onnx"}) {
      Path file = Files.writeString(dir.resolve(name), "precious");
      refused(DATA, export(run, name), name + " is there and is no earlier export");
      assertEquals("precious", Files.readString(file));
    }
  }

  @Test
  void twoTablesInOneFile() {
    Path file = dir.resolve("table.csv");
    Path same = dir.resolve("x/../table.csv");
    Outcome outcome = Outcome.of("eval", run, "--confusion", file, "--per-image", same);
    refused(USAGE, outcome, "table.csv is named twice", "give each its own name");
    assertFalse(Files.exists(file));
  }

  @Test
  void exportOverAFolderOrALinkThatHasItsSource() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("served"));
    Path weights = Files.writeString(folder.resolve("model.pt"), "precious");
    Path link = Files.createSymbolicLink(dir.resolve("link"), folder);
    for (Path out : List.of(folder, link, link.resolve("model.pt"))) {
      Outcome outcome =
          Outcome.of(
              "export",
              "--weights",
              weights,
              "--backbone",
              "pvt_tiny",
              "--classes",
              2,
              "--out",
              out,
              "--format",
              out.endsWith("model.pt") ? "torchscript" : "djl");
      refused(USAGE, outcome, "would replace", "model.pt, which is to be exported");
    }
    assertEquals("precious", Files.readString(weights));
  }

  private Outcome export(Path model, String out, Object... options) {
    return Outcome.of(
        Stream.concat(Stream.of("export", model, "--out", dir.resolve(out)), Stream.of(options))
            .toArray());
  }

  private Outcome train(TinyFolder folder) {
    return train(folder, dir.resolve("out"));
  }

  private static Outcome train(TinyFolder folder, Path out) {
    return Outcome.of(options(folder.dir(), out));
  }

  private static Object[] options(Path data, Path out) {
    return Stream.of(
            Stream.of(
                "--backbone", "pvt_tiny", "--dataset", "folder", "--data", data, "--out", out),
            Stream.of("--crop", 32, "--batch", 2, "--iterations", 1, "--warmup", 0))
        .flatMap(words -> words)
        .toArray();
  }

  private Outcome predict(Path input) {
    return Outcome.of("predict", run, input, "--out", dir.resolve("predicted"));
  }

  private Path copyOfRun() throws IOException {
    Path copy = Files.createDirectory(dir.resolve("copy"));
    for (String name : new String[] {"config.json", "last.safetensors"}) {
      Files.copy(run.resolve(name), copy.resolve(name));
    }
    return copy;
  }

  /**
   * One sentence that says all of {@code parts}; after wrong usage, a line that shows the usage.
   */
  private static void refused(int code, Outcome outcome, String... parts) {
    assertAll(
        () -> assertEquals(code, outcome.code(), outcome.err()),
        () -> assertEquals(code == USAGE ? 2 : 1, outcome.err().lines().count(), outcome.err()),
        () -> assertTrue(outcome.sentence().startsWith("segtrain"), outcome.err()));
    for (String part : parts) {
      assertTrue(outcome.sentence().contains(part), outcome.err());
    }
  }
}
