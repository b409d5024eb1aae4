package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.recipes.Recipe;

class RecipesCommandTest {

  @Test
  void oneIsShownWithEverythingThatItComesTo() {
    String text = Outcome.of("recipes", "hrvit_b1_segformer_ade20k", "--size", "64x64").out();
    for (String part :
        List.of(
            "published mIoU 45.88",
            "16 images, as published: 8 forward passes of 2",
            "kind adamw, learningRate 0.00006, minimumRate 0, weightDecay 0.01,",
            "clip Infinity, groups everything;",
            "; head: learning rate x 10; norm: decay x 0",
            "iterations 160000, batch 2, accumulate 8, processes 1, warmup 1500, decay poly, power 1, milestones [],",
            "evalEvery 16000",
            "precision fp32",
            "linear warm-up over 1500",
            "mean all, classBalance 0",
            "parameters  8.18 M\n",
            "GMACs       0.2 at 64x64",
            "arXiv:2111.01236")) {
      assertTrue(text.contains(part), () -> part + " is not in\n" + text);
    }
  }

  @Test
  void theFactorsOfEachParameterAreShown() {
    List<String> lines =
        Outcome.of("recipes", "hrvit_b1_segformer_ade20k", "--parameters")
            .out()
            .lines()
            .map(line -> line.replaceAll(" {2,}", "|"))
            .toList();
    assertEquals("parameter|shape|learning rate x|decay x", lines.get(0));
    assertTrue(lines.contains("decode_head.conv_seg.bias|(150)|10|1"), lines::toString);
    assertTrue(lines.contains("backbone.stem.bn1.weight|(32)|1|1"), lines::toString);
  }

  @Test
  void aSizeThatIsNoneIsRefused() {
    assertEquals(
        "segtrain recipes: --size must be from 1 to 99999 pixels, such as 512, or height and width such as 512x1024, but is \"512x\"",
        Outcome.of("recipes", "--size", "512x").sentence());
    assertEquals(
        "segtrain recipes: --size must be at least 32 x 32 pixels, but is 16",
        Outcome.of("recipes", "--size", "16").sentence());
  }

  @Test
  void aRecipeTrainsAndSaysWhatItDoes(@TempDir Path dir) throws IOException {
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    Recipe recipe = Recipe.PVT_TINY_FPN_ADE20K;
    Outcome outcome =
        Outcome.of(
            "--recipe",
            recipe,
            "--dataset",
            "folder",
            "--data",
            data.dir(),
            "--batch",
            20,
            "--crop",
            32,
            "--loss",
            "ce+dice",
            "--schedule",
            "cosine",
            "--freeze-statistics",
            "--iterations",
            1,
            "--out",
            dir.resolve("run"));
    assertEquals(0, outcome.code(), outcome.err());
    for (String part :
        List.of(
            "40 images, but published 32, which 20 does not divide: 2 forward passes of 20",
            "instead     schedule.iterations 1, not 40000",
            "instead     data.crop 32, not 512",
            "instead     loss.terms ce+dice, not ce",
            "instead     schedule.decay cosine, not poly",
            "instead     fineTuning.freezeStatistics true, not false")) {
      assertTrue(outcome.out().contains(part), outcome::out);
    }
    Outcome evaluated = Outcome.of("eval", dir.resolve("run"));
    assertEquals(0, evaluated.code(), evaluated.err());
  }
}
