package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

final class OptionNamesTest {

  private static final OptionNames OPTIONS =
      new OptionNames(Set.of("--crop", "--lr", "--eval-every", "--device", "--out", "--weights"));

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
          device gpu was asked for                | --device gpu was asked for
          use --device gpu, the best device       | use --device gpu, the best device
          a/run is there; choose another folder   | a/run is there; choose another --out
          resume it, or choose another folder     | resume it, or choose another --out
          train one from a/b.pth first            | train one with --weights a/b.pth first
          """)
  void keysAndArgumentsBecomeOptionsThatThereAre(String sentence, String expected) {
    assertEquals(expected, OPTIONS.in(sentence));
  }

  @Test
  void whatIsWrongInAFileKeepsItsKeys() {
    UsageException wrong = new UsageException("data.crop must be at least 32, but is 9");
    assertEquals("--crop must be at least 32, but is 9", OPTIONS.of(wrong));
    String sentence = "a.json: " + wrong.getMessage();
    assertEquals(sentence, OPTIONS.of(new DataException(sentence, wrong)));
  }
}
