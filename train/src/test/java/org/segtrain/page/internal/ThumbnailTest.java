package org.segtrain.page.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThumbnailTest {

  @TempDir private Path folder;

  @Test
  void noFolderForTemporaryFilesIsNeeded() throws IOException {
    File before = ImageIO.getCacheDirectory();
    Path gone = Files.createDirectory(folder.resolve("gone"));
    ImageIO.setCacheDirectory(gone.toFile());
    try {
      Files.delete(gone);
      assertThrows(
          Exception.class,
          () -> ImageIO.createImageOutputStream(new ByteArrayOutputStream()).close());
      assertTrue(
          Thumbnail.address(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB)).length() > 100);
    } finally {
      ImageIO.setCacheDirectory(before);
    }
  }
}
