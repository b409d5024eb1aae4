package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.ImageFiles;

/** {@code eval} and {@code predict} with exported files of one run. */
@Tag("slow")
class ExportedModelCommandsTest {

  @TempDir private static Path shared;
  @TempDir private Path dir;

  private static TinyFolder data;
  private static Path run;
  private static Path logits;
  private static Path folder; // for DJL, with classes

  @BeforeAll
  static void export() throws IOException {
    data = TinyFolder.in(shared.resolve("data"), "left", "right");
    run = shared.resolve("run");
    done(data.train(run, 32));
    logits = shared.resolve("model.pt");
    folder = shared.resolve("served");
    done(Outcome.of("export", run, "--out", logits));
    done(Outcome.of("export", run, "--out", folder, "--format", "djl"));
  }

  @Test
  void logitsAreMeasuredToTheFiguresOfTheRun() throws IOException {
    assertEquals(figures(run), figures(logits, "--data", data.dir()));
    Object[] views = {"--eval-size=original", "--scales=1,1.5", "--flip", "--window=32"};
    assertEquals(figures(run, views), figures(logits, with(views, "--data", data.dir())));
    String text = done(Outcome.of("eval", logits, "--data", data.dir()));
    assertTrue(text.startsWith(logits + ", torchscript in fp32: pvt_tiny with fpn, step 1"), text);
    assertTrue(text.contains("the first of them (width x height): 40x36 -> 36x32 -> 64x32"), text);
  }

  @Test
  void shardsOfAFileAddUp() throws IOException {
    Path one = dir.resolve("1.json");
    Path two = dir.resolve("2.json");
    done(Outcome.of("eval", folder, "--data", data.dir(), "--shard", "1/2", "--out", one));
    done(Outcome.of("eval", folder, "--data", data.dir(), "--shard", "2/2", "--out", two));
    JsonNode whole = figures(folder, "--data", data.dir());
    assertEquals(whole, json(done(Outcome.of("eval", "merge", one, two, "--json"))));
  }

  @Test
  void aRunIsNotAveragedWithItsExport() {
    Path soup = dir.resolve("soup.safetensors");
    Outcome mixed = Outcome.of("weights", "average", run, logits, "--out", soup);
    assertEquals(1, mixed.code(), mixed.err());
    assertEquals(
        "segtrain weights average: %s is an exported program (TorchScript), but %s is safetensors; name the run or checkpoint that it was made of"
            .formatted(logits, run.resolve("best.safetensors")),
        mixed.sentence());
    Outcome twice = Outcome.of("weights", "average", run, run, "--out", soup);
    assertEquals(2, twice.code(), twice.err());
    assertTrue(twice.sentence().contains("best.safetensors is there twice; name each"));
  }

  @Test
  void masksAreThoseOfTheRunInItsColours() throws IOException {
    Path image = data.image("validation", "a");
    for (Path model : new Path[] {run, logits, folder}) {
      Path out = dir.resolve(model.getFileName());
      done(Outcome.of("predict", model, image, "--out", out, "--eval-size", "original"));
    }
    for (String name : new String[] {"masks/a.png", "legend.json"}) {
      byte[] ofRun = Files.readAllBytes(dir.resolve("run").resolve(name));
      assertArrayEquals(ofRun, Files.readAllBytes(dir.resolve("model.pt").resolve(name)));
    }
    assertTrue(Files.exists(dir.resolve("served/masks/a.png")));
  }

  @Test
  void probabilitiesAreThoseOfTheRun() throws IOException {
    Path image = data.image("validation", "a");
    for (Path model : new Path[] {run, logits}) {
      Path out = dir.resolve(model.getFileName());
      done(Outcome.of("predict", model, image, "--out", out, "--probabilities"));
    }
    int[] ofRun = ImageFiles.readLabels(dir.resolve("run/probabilities/a.png")).values();
    int[] ofFile = ImageFiles.readLabels(dir.resolve("model.pt/probabilities/a.png")).values();
    for (int i = 0; i < ofRun.length; i++) {
      assertEquals(ofRun[i], ofFile[i], 1, "of 255, pixel " + i);
    }
  }

  @Test
  void whatAFileCannotDoIsRefused() throws IOException {
    Object[] eval = {"eval", folder, "--data", data.dir()};
    refused(2, Outcome.of(with(eval, "--flip")), "no scores to average over --scales, --flip");
    refused(2, Outcome.of(with(eval, "--precision=bf16")), "--precision is bf16, but ", "in fp32");
    Object[] predict = {"predict", folder, data.image("validation", "a"), "--probabilities"};
    refused(
        2,
        Outcome.of(with(predict, "--out", dir.resolve("none"))),
        "gives classes without their scores",
        "export with output logits");
    assertTrue(Files.notExists(dir.resolve("none")));
    Outcome again = Outcome.of("export", logits, "--out", dir.resolve("again.onnx"));
    refused(1, again, logits + " is exported already; give the run or the checkpoint");
    TinyFolder more = TinyFolder.in(dir.resolve("more"), "left", "right", "never");
    refused(1, Outcome.of("eval", logits, "--data", more.dir()), "has 2 classes", "data set has 3");
  }

  private static void refused(int code, Outcome outcome, String... parts) {
    assertEquals(code, outcome.code(), outcome.err());
    for (String part : parts) {
      assertTrue(outcome.sentence().contains(part), outcome.err());
    }
  }

  private static JsonNode figures(Path model, Object... options) throws IOException {
    return json(done(Outcome.of(with(new Object[] {"eval", model, "--json"}, options))));
  }

  /** All but where the weights come from. */
  private static JsonNode json(String text) throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(text);
    json.remove("source");
    return json;
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }

  private static String done(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out();
  }
}
