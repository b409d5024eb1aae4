package org.segtrain.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.cli.Outcome;
import org.segtrain.cli.TinyFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.ParameterGroups.Rule;
import picocli.CommandLine;

class FineTuningOptionsTest {

  @Test
  void givenRulesStandBeforeTheRecipes() {
    TrainConfig config =
        parsed(
                "--recipe=hrvit_b1_segformer_ade20k",
                "--data=d",
                "--freeze=^backbone.stem",
                "--freeze=^auxiliary",
                "--lr-mult=^backbone=0.1",
                "--decay-mult=a=b=2",
                "--layer-decay=0.75",
                "--ema=0.999",
                "--freeze-statistics")
            .configuration()
            .config();
    assertEquals(
        new FineTuning(
            List.of("^backbone.stem", "^auxiliary"),
            0.75,
            0.999,
            List.of(new Rule("^backbone", 0.1, null), new Rule("a=b", null, 2.0)),
            true),
        config.fineTuning());
    assertEquals(4, config.optimizer().groups().rules().size());
    List<Rule> all = config.optimizer().groups().before(config.fineTuning().rules()).rules();
    assertEquals(config.fineTuning().rules(), all.subList(0, 2));
  }

  @Test
  void aRunThatGoesOnKeepsItsOwn() {
    TrainConfig begun =
        parsed("--backbone=pvt_tiny", "--freeze=^neck", "--lr-mult=head=3", "--ema=0.9")
            .configuration()
            .config();
    assertEquals(begun, parsed("--lr-mult=head=3").over("run", begun).config());
    assertEquals(0.5, parsed("--ema=0.5").over("run", begun).config().fineTuning().ema());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --freeze=^bakbone       | segtrain: --freeze ^bakbone is found in none of the 195 names of parameters; near it are backbone, neck, backbone.block1
          --freeze=.              | segtrain: --freeze . freezes all 195 arrays, so that nothing learns; leave out some, for instance decode_head.scale_heads.3.4.bn.bias
          --freeze=(              | segtrain: ( is no regular expression: unclosed group at character 2
          --lr-mult=head          | segtrain: --lr-mult must be PATTERN=FACTOR, as in ^backbone=0.1, but is "head"
          --lr-mult=head=fast     | segtrain: --lr-mult must be PATTERN=FACTOR, as in ^backbone=0.1, but is "head=fast"
          --lr-mult=head=-1       | segtrain: the factor of head must be a number from 0 to 1000, but is -1.0
          --decay-mult=hed=1      | segtrain: --decay-mult hed is found in none of the 195 names of parameters; near it are neck, backbone, decode_head
          --layer-decay=0         | segtrain: --layer-decay must be above 0 and at most 1, but is 0.0
          --ema=1                 | segtrain: --ema must be at least 0 and below 1, but is 1.0
          """)
  void wrongValuesAreRefusedInOneSentence(String option, String sentence) {
    Outcome outcome = Outcome.of("--backbone", "pvt_tiny", option);
    assertEquals(sentence, outcome.sentence());
    assertEquals(2, outcome.code());
    assertEquals(2, outcome.err().lines().count(), outcome.err());
  }

  @Test
  void theFactorsOfARunAreShown() {
    List<String> lines =
        Outcome.of(
                "--backbone=pvt_tiny",
                "--freeze=^backbone.patch_embed1",
                "--lr-mult=head=10",
                "--layer-decay=0.5",
                "--parameters")
            .out()
            .lines()
            .map(line -> line.replaceAll(" {2,}", "|"))
            .toList();
    assertTrue(lines.contains("backbone.patch_embed1.proj.bias|(64)|frozen|frozen"));
    assertTrue(lines.contains("backbone.block4.1.norm1.bias|(512)|0.5|0"));
    assertTrue(lines.contains("backbone.pos_embed1|(1, 3136, 64)|0.00195313|0"), lines::toString);
    assertTrue(lines.contains("decode_head.conv_seg.weight|(12, 128, 1, 1)|10|1"));
  }

  @Test
  void aRunSaysWhatItFroze(@TempDir Path dir) throws IOException {
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    Outcome outcome =
        Outcome.of(
            "--backbone=pvt_tiny",
            "--dataset=folder",
            "--data=" + data.dir(),
            "--batch=2",
            "--crop=32",
            "--iterations=1",
            "--freeze=^backbone",
            "--ema=0.9",
            "--out=" + dir.resolve("run"));
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().contains("froze 156 of 195 arrays, 12.7 of 17.0 M parameters"), outcome::out);
    String sentence =
        Outcome.of("--resume", dir.resolve("run"), "--freeze=^neck", "--iterations=2").sentence();
    assertTrue(sentence.contains("has --freeze [^backbone], but this run has [^neck]"), sentence);
  }

  private static TrainOptions parsed(String... arguments) {
    TrainOptions options = new TrainOptions();
    new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(arguments);
    return options;
  }
}
