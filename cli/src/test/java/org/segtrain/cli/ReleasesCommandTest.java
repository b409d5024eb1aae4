package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.segtrain.cli.options.PretrainedOptions;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.releases.Release;
import org.segtrain.releases.Releases;
import picocli.CommandLine;

/** The commands and the option that know what authors publish; none of them fetches here. */
class ReleasesCommandTest {

  @Test
  void theDocumentHasTheListOfTheCommand() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "weights.md"));
    String tables = Outcome.of("weights", "list", "--markdown").out();
    assertTrue(
        document.contains(tables.strip()), () -> "paste this into docs/weights.md:\n" + tables);
  }

  @Test
  void theListSaysWhatIsHereAndWhereItIsKept() {
    String list = Outcome.of("weights", "list").out();
    assertTrue(list.contains("mpvit_base_upernet_ade20k"), list);
    assertTrue(list.contains("kept in "), list);
    assertTrue(list.lines().filter(line -> line.startsWith("hrformer_tiny")).count() == 1, list);
  }

  @Test
  void headsOfReleasesAreKnown() {
    Releases.all().stream()
        .map(Release::head)
        .filter(head -> !head.isEmpty())
        .forEach(HeadVariant::of);
  }

  @Test
  void anUnknownReleaseIsWrongUsage() {
    Outcome outcome = Outcome.of("weights", "fetch", "pvt_smal_imagenet");
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains("did you mean pvt_small_imagenet?"), outcome.sentence());
  }

  @Test
  void whatNeedsABrowserSaysWhereItGoes() {
    Outcome outcome = Outcome.of("weights", "fetch", "shunted_tiny_imagenet");
    assertEquals(1, outcome.code());
    assertTrue(outcome.sentence().contains("needs a browser: save the file from https://drive."));
    assertTrue(outcome.sentence().endsWith("or give it with --weights FILE"), outcome.sentence());
  }

  @Test
  void offlineNothingIsFetched() {
    Outcome outcome = Outcome.of("weights", "fetch", "shunted_base_imagenet", "--offline");
    assertEquals(1, outcome.code());
    assertTrue(outcome.sentence().contains("segtrain is offline; put the file from"));
  }

  @Test
  void publishedWeightsOfAnotherBackboneAreRefusedBeforeTheyAreFetched() {
    PretrainedOptions options = new PretrainedOptions();
    assertEquals(Optional.empty(), options.release("pvt_tiny"));
    new CommandLine(options).parseArgs("--pretrained=pvt_small_imagenet", "--offline");
    assertEquals("pvt_small", options.release("pvt_small").orElseThrow().backbone());
    String message =
        assertThrows(UsageException.class, () -> options.release("pvt_tiny")).getMessage();
    assertEquals(
        "--pretrained pvt_small_imagenet is of pvt_small, but the model has pvt_tiny; take one of"
            + " them",
        message);
  }
}
