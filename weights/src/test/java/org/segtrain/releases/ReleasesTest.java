package org.segtrain.releases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.segtrain.backbones.BackboneVariant;

class ReleasesTest {

  @Test
  void everyReleaseIsOfAVariantOfItsFamily() {
    for (Release release : Releases.all()) {
      BackboneVariant.of(release.backbone());
      String family = release.family().name().toLowerCase(Locale.ROOT) + "_";
      assertTrue(release.name().startsWith(family), release::toString);
    }
  }

  @Test
  void namesAreUniqueAndFoundAgain() {
    assertEquals(Releases.all().size(), new HashSet<>(Releases.names()).size());
    for (Release release : Releases.all()) {
      assertSame(release, Releases.of(release.name()));
    }
  }

  @Test
  void whatIsFetchedIsAFileAndNoFileIsOnAPage() {
    for (Release release : Releases.all()) {
      assertEquals("https", release.place().getScheme(), release::toString);
      assertEquals(release.direct(), release.place().getPath().endsWith(".pth"), release::toString);
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearest() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Releases.of("pvt_smal_imagenet"))
            .getMessage();
    assertTrue(message.contains("did you mean pvt_small_imagenet?"), message);
  }
}
