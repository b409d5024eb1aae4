package org.segtrain.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.errors.DataException;

final class UserCacheTest {

  private static final String HOME = "user.home";

  private final String home = System.getProperty(HOME);

  @AfterEach
  void restore() {
    System.setProperty(HOME, home);
  }

  @Test
  void whatTheUserNamesGoesFirst() {
    System.setProperty(HOME, Path.of("").toAbsolutePath().toString());
    assertEquals(Path.of("own"), UserCache.folder("own", "caches"));
    assertEquals(Path.of("caches", "segtrain"), UserCache.folder("", "caches"));
    assertEquals(Path.of(".cache", "segtrain").toAbsolutePath(), UserCache.folder(null, ""));
  }

  @Test
  void aUserWithoutAHomeIsAskedToNameAFolder() {
    System.setProperty(HOME, "?");
    Exception error = assertThrows(DataException.class, () -> UserCache.folder(null, null));
    assertTrue(error.getMessage().contains("name one for segtrain's files in SEGTRAIN_CACHE"));
    assertEquals(Path.of("own"), UserCache.folder("own", null));
  }
}
