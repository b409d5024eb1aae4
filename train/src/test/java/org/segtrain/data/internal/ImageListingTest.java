package org.segtrain.data.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageListingTest {

  @TempDir Path dir;

  @Test
  void whatIsNoImageIsCountedAndNotOpened() throws IOException {
    write("b.png", "a.JPEG", "c.tif", "d.webp", "e.jfif", "._a.jpeg", ".DS_Store", ".x.png");
    write("Thumbs.db", "notes.txt", "more.TXT", "README", "old.heic");
    Files.createDirectory(dir.resolve("folder.jpg"));
    Files.createDirectory(dir.resolve("__MACOSX"));
    Files.createSymbolicLink(dir.resolve("gone.png"), dir.resolve("nowhere.png"));
    Files.createSymbolicLink(dir.resolve("loop.png"), dir.resolve("loop.png"));
    Files.createSymbolicLink(dir.resolve("link.png"), dir.resolve("b.png"));
    ImageListing listing = ImageListing.of(dir);
    assertEquals(
        List.of("a.JPEG", "b.png", "c.tif", "d.webp", "e.jfif", "link.png"), names(listing));
    assertEquals(
        "3 hidden files, 2 files of the operating system, 1 folder, 2 links to nothing,"
            + " 1 image of a format that is not read (.heic),"
            + " 3 files that are no images (.txt, no ending)",
        listing.leftOut().toString());
  }

  @Test
  void foldersInsideAreListedOnceThoughALinkLeadsBack() throws IOException {
    write("x/y/a.png", "x/.hidden/b.png", "__MACOSX/x/._a.png", "z.png");
    Files.createSymbolicLink(dir.resolve("x/up"), dir);
    ImageListing listing = ImageListing.ofTree(dir, path -> false);
    assertEquals(List.of("x/y/a.png", "z.png"), names(listing));
    assertEquals(
        "1 hidden file, 1 file of the operating system, 1 link that leads back to its own folder",
        listing.leftOut().toString());
  }

  @Test
  void theListOfClassesBesideImagesIsNotLeftOut() throws IOException {
    write("a.png", "classes.txt");
    ImageListing listing = ImageListing.of(dir);
    assertEquals(List.of("a.png"), names(listing));
    assertTrue(listing.leftOut().isEmpty(), listing.leftOut()::toString);
  }

  @Test
  void resultsAreNoInputs() throws IOException {
    write("a.png", "masks/a.png");
    ImageListing listing = ImageListing.ofTree(dir, path -> path.endsWith("masks"));
    assertEquals(List.of("a.png"), names(listing));
    assertEquals("1 part of an earlier prediction", listing.leftOut().toString());
  }

  @Test
  void aNameThatIsNoTextIsRefusedWithTheLocale() throws IOException {
    write("a.png");
    Files.createFile(Path.of(URI.create(dir.toUri() + "%FC.png"))); // of Latin-1
    ImageListing listing = ImageListing.of(dir);
    assertEquals(List.of("a.png"), names(listing));
    assertEquals(1, listing.leftOut().badNames().size());
    String said = listing.leftOut().badNames().get(0).sentence();
    assertTrue(said.contains("%FC.png, is no text in"), said);
    assertTrue(said.contains("of this locale; rename it"), said);
  }

  /** In a process of its own, since a locale is that of a process. */
  @Test
  void inALocaleOfAsciiNamesOfOtherLettersAreRefusedAndNotConfused() throws Exception {
    Files.createFile(Path.of(URI.create(dir.toUri() + "%C3%BC.png")));
    Files.createFile(Path.of(URI.create(dir.toUri() + "%C3%B6.png")));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    ProcessBuilder process =
        new ProcessBuilder(java, "-cp", classes, Lists.class.getName(), dir.toString());
    process.environment().put("LC_ALL", "C");
    Process listing = process.redirectErrorStream(true).start();
    String said = new String(listing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, listing.waitFor());
    assertTrue(
        said.contains("%C3%B6.png, is no text in ANSI_X3.4-1968")
            || said.contains("%C3%BC.png, is no text in ANSI_X3.4-1968"),
        said);
    assertTrue(said.contains("LC_ALL=C.UTF-8"), said);
  }

  /** Lists a folder and prints why it is refused. */
  static final class Lists {
    private Lists() {}

    public static void main(String[] arguments) throws IOException {
      ImageListing.of(Path.of(arguments[0]))
          .leftOut()
          .badNames()
          .forEach(bad -> System.out.println(bad.sentence()));
    }
  }

  @Test
  void aNameWithALineBreakIsRefused() throws IOException {
    write("a\nb.png");
    ImageListing listing = ImageListing.of(dir);
    assertEquals(List.of(), names(listing));
    String said = listing.leftOut().badNames().get(0).sentence();
    assertTrue(said.contains("line break or another control character, a%0Ab.png; rename"), said);
  }

  @Test
  void aLinkToAFolderAboveLeadsBack() throws IOException {
    write("a.png", "in/b.png");
    Files.createSymbolicLink(dir.resolve("in/up"), dir);
    ImageListing listing = ImageListing.ofTree(dir.resolve("in"), path -> false);
    assertEquals(1, listing.images().size());
    assertEquals("1 link that leads back to its own folder", listing.leftOut().toString());
  }

  @Test
  void whatIsLeftOutMayHaveAnyName() throws IOException {
    write("a.png");
    Files.createFile(Path.of(URI.create(dir.toUri() + "%FC.txt")));
    assertEquals(List.of("a.png"), names(ImageListing.of(dir)));
  }

  @Test
  void namesOfAnyScriptAreText() throws IOException {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")));
    write("ä.png", "ö.png", "日本.png");
    assertEquals(List.of("ä.png", "ö.png", "日本.png"), names(ImageListing.of(dir)));
  }

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = dir.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private List<String> names(ImageListing listing) {
    return listing.images().stream().map(file -> dir.relativize(file).toString()).toList();
  }
}
