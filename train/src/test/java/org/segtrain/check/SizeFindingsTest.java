package org.segtrain.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.check.Finding.Kind;
import org.segtrain.config.DatasetVariant;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;

/** Large images, without having any. */
final class SizeFindingsTest {

  private static final long GIB = 1L << 30;

  @TempDir Path dir;

  @Test
  void imagesThatWorkersCannotHoldTogetherAreNamed() throws IOException {
    SeededData data = SeededData.in(dir);
    Dataset dataset = DatasetVariant.open(data.config());
    Path image = Path.of("large.png");
    Path mask = Path.of("large_mask.png");
    Evidence evidence =
        new Evidence(
            data.config(),
            dataset,
            (FileSet) dataset,
            Map.of(
                Split.TRAINING,
                new Listing(
                    List.of(new Listing.Pair("large", image, mask)), List.of(), new LeftOut())),
            Map.of(image, new PhotographFacts(16_384, 16_384, 1, "a", "00".repeat(72))),
            Map.of(mask, new MaskFacts(16_384, 16_384, false, Map.of(0, 1L), Map.of(), "b")));
    long workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    long need = workers * 3 * GIB; // 2^28 pixels of 12 bytes, each
    assertEquals(List.of(), new SizeFindings(evidence, 2 * need).findings());
    List<Finding> findings = new SizeFindings(evidence, need).findings();
    assertEquals(1, findings.size(), findings::toString);
    assertEquals(Kind.MUCH_MEMORY, findings.get(0).kind());
    String said = findings.get(0).toString();
    assertTrue(said.contains("large.png (16384 x 16384) take %d MiB".formatted(need >> 20)), said);
    assertTrue(said.contains("let it grow (-Xmx%dg)".formatted(need / 4 * 5 / GIB + 1)), said);
  }
}
