package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

final class OptionNamesTest {

  private static final OptionNames OPTIONS =
      new OptionNames(
          Set.of(
              "--crop", "--lr", "--eval-every", "--device", "--out", "--weights", "--photometric"));

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lower data.crop, or schedule.batch      | lower --crop, or schedule.batch
          schedule.evalEvery must be above 0      | --eval-every must be above 0
          resume with a lower optimizer.learningRate | resume with a lower --lr
          a/data.crop and data.crop.png are files | a/data.crop and data.crop.png are files
          unknown key "data.crop"                 | unknown key "data.crop"
          unknown device "tpu"; known: cpu        | unknown --device "tpu"; known: cpu
          unknown backbone "x"; known: pvt        | unknown backbone "x"; known: pvt
          device gpu was asked for                | --device gpu was asked for
          use --device gpu, the best device       | use --device gpu, the best device
          a/run is there; choose another folder   | a/run is there; choose another --out
          resume it, or choose another folder     | resume it, or choose another --out
          is true; turn data.photometric off      | is true; give --no-photometric
          train one from a/b.pth first            | train one with --weights a/b.pth first
          """)
  void keysAndArgumentsBecomeOptionsThatThereAre(String sentence, String expected) {
    assertEquals(expected, OPTIONS.in(sentence));
  }

  /** A sentence that is reworded there must be reworded here. */
  @Test
  void everyPhraseIsSaidByTheLibrary() throws IOException {
    List<String> sentences = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<Path> library =
          files
              .filter(file -> file.toString().matches("\\.\\./(?!cli).*/src/main/.*\\.java"))
              .toList();
      for (Path file : library) {
        String joined = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
        LITERAL.matcher(joined).results().forEach(literal -> sentences.add(literal.group(1)));
      }
    }
    List<String> said =
        sentences.stream().map(one -> one.replace("%d", "1").replace("%s", "x")).toList();
    for (Pattern phrase : OptionNames.phrases()) {
      assertTrue(said.stream().anyMatch(phrase.asPredicate()), phrase::pattern);
    }
  }

  @Test
  void whatIsWrongInAFileKeepsItsKeys() {
    UsageException wrong = new UsageException("data.crop must be at least 32, but is 9");
    assertEquals("--crop must be at least 32, but is 9", OPTIONS.of(wrong));
    String sentence = "a.json: " + wrong.getMessage();
    assertEquals(sentence, OPTIONS.of(new DataException(sentence, wrong)));
  }
}
