package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.heads.HeadVariant;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;
import org.segtrain.recipes.Settings;

final class EvaluationPartTest {

  @TempDir private Path dir;

  private static EvaluationPart part(int number, int count) {
    TrainConfig config =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, DatasetVariant.SHAPES)
            .with("run.precision", "fp32")
            .config();
    List<ClassCounts> counts =
        List.of(new ClassCounts(0, 60, 50, 40), new ClassCounts(1, 40, 50, 30));
    return new EvaluationPart(
        new Shard(number, count),
        new EvaluationSource(
            List.of("runs/a"),
            "shapes",
            "",
            "validation",
            count,
            config.inputSize(),
            config.evaluation(),
            config.run().precision()),
        Map.of("weights", "SHA-256 00"),
        List.of(),
        new Evaluation(
            List.of("left", "right"),
            List.of(List.of(40L, 20L), List.of(10L, 30L)),
            counts,
            List.of(new ImageCounts(number - 1, "%d.png".formatted(number), 20, 5, counts))));
  }

  private Path written(EvaluationPart part) {
    Path file = dir.resolve("part%d.json".formatted(part.shard().number()));
    part.write(file);
    return file;
  }

  @Test
  void isReadAsItWasWritten() {
    EvaluationPart part = part(1, 2);
    assertEquals(part, EvaluationPart.read(written(part)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "shard" : "1/2"                 | "shard" : null              | its "shard" is missing or wrong
          "shard" : "1/2"                 | "shard" : "3/2"             | a shard is one of 1/2 to 2/2
          "precision" : "fp32"            | "precision" : null          | its "source.precision" is missing or wrong
          "left", "right"                 | "left", null                | its "evaluation.classes.1" is missing or wrong
          [ 40, 20 ]                      | [ 40, null ]                | its "evaluation.confusion.0.1" is missing or wrong
          "width" : 20                    | "width" : "wide"            | its "evaluation.images.0.width" is missing or wrong
          "width" : 20                    | "width" : 2                 | its counts do not add up
          [ 40, 20 ], [ 10, 30 ]          | [ -40, 20 ], [ 10, 30 ]     | its counts do not add up
          "unread" : [ ]                  | "unread" : [ ] ]            | it is wrong at line
          """)
  void whatIsNoPartIsRefusedInOurWords(String old, String instead, String sentence)
      throws IOException {
    Path file = written(part(1, 2));
    String text = Files.readString(file);
    String other = text.replace(old, instead == null ? "" : instead);
    assertNotEquals(text, other);
    Files.writeString(file, other);
    assertRefused(() -> EvaluationPart.read(file), "part1.json is no whole shard: " + sentence);
  }

  @ParameterizedTest
  @CsvSource({"''", "null", "[]", "7"})
  void anotherTextIsRefused(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("a.json"), text);
    assertRefused(
        () -> EvaluationPart.read(file), "a.json is no shard: it is ", "; give files that");
  }

  @Test
  void aFileOfAnotherEncodingIsRefused() throws IOException {
    Path file = written(part(1, 2));
    Files.write(
        file, Files.readString(file).replace("left", "lä").getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(() -> EvaluationPart.read(file), "part1.json: it is no UTF-8 text");
  }

  @Test
  void someOfManyMissingShardsAreNamed() {
    Path file = written(part(1, 99_999));
    assertRefused(
        () -> EvaluationPart.merge(List.of(file)),
        "1 of 99999 shards are there, but not 2/99999, ",
        "21/99999 and 99978 more; measure them too");
  }
}
