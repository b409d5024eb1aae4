package org.segtrain.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.errors.DataException;

class ImageListTest {

  private final Configuration conf = new Configuration();

  @TempDir private Path dir;

  @BeforeEach
  void touch() throws IOException {
    for (String name : List.of("x/a.jpg", "x/b.png", "y/[1].jpg", ".hidden/c.jpg", "x/d.txt")) {
      Path file = dir.resolve("photos").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
  }

  @Test
  void namesArePathsBelowTheFixedPartOfAPattern() {
    check("photos", dir + "/photos", List.of("x/a", "x/b", "y/[1]"));
    check("photos/*/*.jpg", dir + "/photos", List.of("x/a", "y/[1]"));
    check("photos/{x,y}/*", dir + "/photos", List.of("x/a", "x/b", "y/[1]"));
    check("photos/x/*.jpg", dir + "/photos/x", List.of("a"));
    check("photos/*", dir + "/photos", List.of("x/a", "x/b", "y/[1]"));
    check("photos/y/[1].jpg", dir + "/photos/y", List.of("[1]"));
  }

  private void check(String images, String root, List<String> names) {
    ImageList list = list(images, Optional.empty());
    assertEquals(root, list.root());
    assertEquals(names, list.items().stream().map(Item::name).toList());
    assertEquals(List.of(), list.refused());
  }

  @Test
  void aManifestHasTheFolderThatItsImagesShare() throws IOException {
    Files.writeString(dir.resolve("list"), "photos/x/a.jpg\nphotos/y/zz.jpg\tmasks/zz.png\n");
    ImageList list = list("list", Optional.empty());
    assertEquals(dir + "/photos", list.root());
    assertEquals(List.of("x/a", "y/zz"), list.items().stream().map(Item::name).toList());
    assertEquals(dir + "/masks/zz.png", list.items().get(1).mask());

    ImageList above = list("list", Optional.of(dir.toString()));
    assertEquals("photos/x/a", above.items().get(0).name());
    ImageList inside = list("list", Optional.of(dir + "/photos/x"));
    assertEquals(1, inside.items().size());
    assertTrue(inside.refused().get(0).message().contains("zz.jpg is not below " + dir));

    Files.writeString(dir.resolve("list"), "hdfs://one/a.jpg\nhdfs://two/a.jpg\n");
    DataException wrong = assertThrows(DataException.class, () -> list("list", Optional.empty()));
    assertTrue(wrong.getMessage().contains("without a folder in common"), wrong.getMessage());
  }

  @Test
  void aResultIsNoFolderOfAnother() throws IOException {
    Path inside = dir.resolve("photos/x/b.png");
    Files.delete(inside);
    Files.createDirectories(inside);
    Files.writeString(inside.resolve("c.jpg"), "");
    Files.writeString(dir.resolve("photos/x/b.jpg"), "");
    ImageList list = list("photos/x", Optional.empty());
    assertEquals(List.of("a", "b"), list.items().stream().map(Item::name).toList());
    assertTrue(list.refused().get(0).message().contains("b.png/c.jpg would be a file where"));

    Files.writeString(dir.resolve("list"), "photos/x/b.png/c.jpg\nphotos/x/b.jpg\n");
    ImageList turned = list("list", Optional.empty());
    assertEquals(List.of("b.png/c"), turned.items().stream().map(Item::name).toList());
    assertTrue(turned.refused().get(0).message().contains("rename one"));
  }

  @Test
  void aColonIsNoSchemeButForPatterns() throws IOException {
    Files.writeString(dir.resolve("photos/x/co:lon.jpg"), "");
    Files.writeString(dir.resolve("photos/list"), "x/co:lon.jpg\nx/a.jpg\n");
    ImageList list = list("photos/list", Optional.empty());
    assertEquals(List.of("co:lon", "a"), list.items().stream().map(Item::name).toList());
    Files.writeString(dir.resolve("photos/x/list"), "co:lon.jpg\na.jpg\n");
    assertEquals(2, list("photos/x/list", Optional.empty()).items().size());
    assertEquals(3, list("photos/x", Optional.empty()).items().size());
    DataException wrong =
        assertThrows(DataException.class, () -> list("photos/x/*.jpg", Optional.empty()));
    assertTrue(wrong.getMessage().contains("a name there has a colon"), wrong.getMessage());
  }

  @Test
  void aLinkToAFolderAroundItIsLeftOut() throws IOException {
    Files.createSymbolicLink(dir.resolve("photos/x/loop"), dir.resolve("photos"));
    Files.createSymbolicLink(dir.resolve("photos/x/none"), dir.resolve("zz"));
    ImageList list = list("photos", Optional.empty());
    assertEquals(List.of("x/a", "x/b", "y/[1]"), list.items().stream().map(Item::name).toList());
  }

  private ImageList list(String images, Optional<String> root) {
    return ImageList.of(conf, dir + "/" + images, root, Optional.empty());
  }
}
