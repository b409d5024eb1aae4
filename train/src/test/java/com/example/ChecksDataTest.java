package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.check.CheckProgress;
import org.segtrain.check.CheckReport;
import org.segtrain.check.DataCheck;
import org.segtrain.check.Finding;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.TestImages;
import org.segtrain.recipes.Settings;

/** A program that checks data before it trains on them. */
final class ChecksDataTest {

  @TempDir private Path data;

  @Test
  void whatIsWrongIsSaidWithItsRemedy() throws IOException {
    TestImages.dataset(data, 2, 64, 64);
    Files.delete(data.resolve("annotations/training/001.png"));
    List<String> sentences = new ArrayList<>();
    assertFalse(isFit(data, sentences));
    assertEquals(2, sentences.size(), sentences::toString); // its splits have the same images too
    assertTrue(sentences.get(0).contains("training/001.png has no mask; add"), sentences.get(0));
  }

  private static boolean isFit(Path folder, List<String> sentences) {
    TrainConfig config =
        Settings.ofOwnModel("mine", DatasetVariant.FOLDER)
            .with("data.path", folder.toString())
            .config();
    CheckReport report = DataCheck.of(config).run(CheckProgress.NONE);
    for (Finding finding : report.findings()) {
      sentences.add(
          "%s: %s; %s".formatted(finding.severity(), finding.sentence(), finding.remedy()));
    }
    return !report.hasErrors();
  }
}
