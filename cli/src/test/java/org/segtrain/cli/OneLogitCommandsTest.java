package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;

/** What becomes of a run with one logit for its two classes. */
class OneLogitCommandsTest {

  private static final int SIDE = 64; // no size at which images must be resized

  @TempDir private static Path shared;
  @TempDir private Path dir;

  private static TinyFolder data;
  private static Path run;
  private static Path weights;

  @BeforeAll
  static void train() throws IOException {
    data = TinyFolder.in(shared.resolve("data"), "left", "right");
    for (String split : List.of("training", "validation")) {
      for (String name : List.of("a", "b")) {
        ImageFiles.writeRgb(data.image(split, name), halves());
        data.writeMask(split, name, SIDE, SIDE, 1);
      }
    }
    run = shared.resolve("run");
    done(data.train(run, 32, "--one-logit", "--iterations", 20, "--lr", "1e-3"));
    weights = run.resolve("best.safetensors");
  }

  /** Noise that is dark on the left and bright on the right. */
  private static Picture halves() {
    byte[] rgb = TinyFolder.noise(SIDE, SIDE).rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) ((i / 3 % SIDE < SIDE / 2 ? 40 : 140) + (rgb[i] & 63));
    }
    return new Picture(SIDE, SIDE, rgb);
  }

  @Test
  void itsWeightsAreOfOneLogit() throws IOException {
    String inspected = done(Outcome.of("weights", "inspect", run));
    assertTrue(inspected.contains("pvt_tiny (100.0 % of the arrays) with fpn"), inspected);
    assertTrue(inspected.contains("for 2 classes with one logit"), inspected);
    assertTrue(inspected.contains("1x128x1x1"), inspected);
    Path soup = dir.resolve("soup.safetensors");
    done(Outcome.of("weights", "average", weights, run.resolve("last.safetensors"), "--out", soup));
    assertEquals(figures(run), figures(soup));
    Object[] bare = {"--weights", weights, "--backbone=pvt_tiny", "--one-logit"};
    Object[] kind = {"--dataset=folder", "--data", data.dir(), "--crop=32", "--precision=fp32"};
    Object[] given = Stream.concat(Stream.of(bare), Stream.of(kind)).toArray();
    assertEquals(figures(run), figures(given));
  }

  @Tag("slow")
  @Test
  void aModelOfTwoLogitsTakesAllButItsClassifier() {
    Outcome measured = of("eval", "--backbone", "pvt_tiny", "--weights", weights);
    refused(1, measured, "has one logit, but the model has 2 logits; give data or a list of 2");
    refused(1, measured, "classes with --one-logit, or train a new classifier with --weights");
    Path two = dir.resolve("two");
    String said = done(data.train(two, 32, "--weights", weights));
    assertTrue(
        said.contains("new, since the file has another number of classes or logits: "), said);
    Path other = two.resolve("best.safetensors");
    refused(
        1,
        of("eval", "--backbone", "pvt_tiny", "--one-logit", "--weights", other),
        "has 2 logits, but the model has one logit; give data or a list of 2 classes with"
            + " --no-one-logit, or train");
    assertTrue(
        done(data.train(dir.resolve("one"), 32, "--one-logit", "--weights", other))
            .contains("new, since the file has another number of classes or logits: "));
    refused(
        1,
        Outcome.of("weights", "average", weights, other, "--out", dir.resolve("soup.safetensors")),
        "average models of one kind");
  }

  private static Outcome of(String command, Object... more) {
    List<Object> words = new ArrayList<>(List.of(command, "--dataset", "folder"));
    words.addAll(List.of("--data", data.dir(), "--crop", 32));
    words.addAll(List.of(more));
    return Outcome.of(words.toArray());
  }

  @Test
  void otherNumbersOfClassesAreRefused() throws IOException {
    TinyFolder three = TinyFolder.in(dir.resolve("three"), "left", "right", "never");
    String sentence =
        "one logit tells 2 classes apart, but the model is to have 3; leave --one-logit out";
    refused(2, three.train(dir.resolve("run"), 32, "--one-logit"), sentence);
    assertTrue(Files.notExists(dir.resolve("run")));
    Path out = dir.resolve("model.pt");
    Object[] export = {"export", "--backbone=pvt_tiny", "--one-logit", "--classes=3", "--out", out};
    refused(2, Outcome.of(export), sentence);
    assertTrue(Files.notExists(out));
    refused(
        1,
        Outcome.of("--resume", run, "--no-one-logit", "--iterations", 21),
        "has --one-logit true, but this run has false");
    refused(2, Outcome.of("eval", run, "--one-logit"), "has its model and classes");
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"model.pt", "served"})
  void everyExportIsMeasuredToTheFiguresOfTheRun(String name) throws IOException {
    Path file = dir.resolve(name);
    List<Object> words = new ArrayList<>(List.of("export", run, "--out", file));
    if (name.equals("served")) {
      words.addAll(List.of("--format", "djl"));
    }
    done(Outcome.of(words.toArray()));
    JsonNode ofRun = figures(run, "--eval-size=original", "--precision=fp32");
    JsonNode ofFile = figures(file, "--eval-size=original", "--data", data.dir());
    assertEquals(ofRun, ofFile);
    assertTrue(ofRun.path("meanIou").asDouble() > 0.6, ofRun::toString);
  }

  /** All but where the weights come from. */
  private static JsonNode figures(Object... words) throws IOException {
    Object[] eval = Stream.concat(Stream.of("eval", "--json"), Stream.of(words)).toArray();
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(done(Outcome.of(eval)));
    json.remove("source");
    return json;
  }

  private static void refused(int code, Outcome outcome, String part) {
    assertEquals(code, outcome.code(), outcome.err());
    assertTrue(outcome.sentence().contains(part), outcome.err());
  }

  private static String done(Outcome outcome) {
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out();
  }
}
