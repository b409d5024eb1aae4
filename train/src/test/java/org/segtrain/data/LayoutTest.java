package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.Listing;

final class LayoutTest {

  private static final String NFC = "\u00fcber";
  private static final String NFD = "u\u0308ber";

  @TempDir Path dir;

  @BeforeEach
  void nameClasses() throws IOException {
    Files.writeString(dir.resolve("classes.txt"), "ground\nsky\n");
  }

  @ParameterizedTest
  @CsvSource({
    "images/training/, images/validation/, annotations/training/, annotations/validation/",
    "images/train/, images/val/, masks/train/, masks/val/",
    "train/images/, val/images/, train/labels/, val/labels/",
    "images/train/, images/valid/, annotations/train/, annotations/valid/"
  })
  void usualPlacesAreFound(String train, String val, String trainMasks, String valMasks)
      throws IOException {
    image(train + "a.png", 3);
    mask(trainMasks + "a.png", 1);
    image(val + "b.png", 4);
    mask(valMasks + "b.png", 0);
    Dataset dataset = FolderDataset.open(dir);
    assertEquals(List.of("a"), names(dataset, Split.TRAINING));
    assertEquals(List.of("b"), names(dataset, Split.VALIDATION));
    assertEquals(1, dataset.read(Split.TRAINING, 0).labels()[0]);
  }

  @Test
  void predictionsAreNoLabels() throws IOException {
    image("images/train/a.png", 3);
    image("images/val/b.png", 3);
    mask("labels/train/a.png", 1);
    mask("labels/val/b.png", 1);
    mask("masks/train/a.png", 0);
    mask("masks/val/b.png", 0);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL),
        dir.resolve("masks/train") + " and " + dir.resolve("labels/train") + " both have files",
        "files.images images/{split}/{name} and files.masks, such as masks/{split}/{name}");
    Files.writeString(dir.resolve("legend.json"), "[{\"label\": 0, \"colour\": \"#000000\"}]");
    Dataset dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(1, dataset.read(Split.TRAINING, 0).labels()[0], "of labels");
    assertEquals("1 part of an earlier prediction", leftOut(dataset));
    image("images/train/masks/c.png", 3);
    Files.copy(dir.resolve("legend.json"), dir.resolve("images/train/legend.json"));
    dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(List.of("a"), names(dataset, Split.TRAINING));
    assertEquals(
        "2 parts of earlier predictions, 1 file that is no image (.json)", leftOut(dataset));
    Files.delete(dir.resolve("labels/train/a.png"));
    Files.delete(dir.resolve("labels/train"));
    Files.delete(dir.resolve("labels/val/b.png"));
    Files.delete(dir.resolve("labels/val"));
    String keys = "files.images images/{split}/{name} and files.masks masks/{split}/{name}";
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING),
        "or, if the earlier predictions in "
            + dir.resolve("masks")
            + " are to be the labels, give "
            + keys);
    Dataset pseudo =
        FolderDataset.open(dir, patterns("images/{split}/{name}", "masks/{split}/{name}"));
    assertEquals(0, pseudo.read(Split.TRAINING, 0).labels()[0], "as asked for");
  }

  @Test
  void predictionsAreNoLabelsOfListedImages() throws IOException {
    pair("a");
    Files.move(dir.resolve("annotations"), dir.resolve("labels"));
    mask("masks/a.png", 0);
    Files.writeString(dir.resolve("legend.json"), "[{\"label\": 0, \"colour\": \"#000000\"}]");
    text("train.txt", "a\n");
    DataFiles lists = with(DataFiles.USUAL, List.of("train", "val"), "{split}.txt", 0);
    Dataset dataset = FolderDataset.open(dir, lists);
    assertEquals(1, label(dataset, 0));
    assertEquals("1 part of an earlier prediction", leftOut(dataset));
    Files.delete(dir.resolve("legend.json"));
    Refusals.assertRefused(() -> FolderDataset.open(dir, lists), "both have files");
  }

  private static String leftOut(Dataset dataset) {
    return ((LabelledImages) dataset).listing(Split.TRAINING).leftOut().toString();
  }

  @Test
  void ofFoldersOfTheUsualNamesThatWithFilesHasTheMasks() throws IOException {
    image("images/train/a.png", 3);
    mask("masks/train/a.png", 1);
    Files.createDirectories(dir.resolve("annotations/train"));
    Files.writeString(dir.resolve("annotations/train/a.json"), "{}");
    Dataset dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(1, dataset.read(Split.TRAINING, 0).labels()[0]);
  }

  @Test
  void foldersInsideArePairedByRelativePath() throws IOException {
    for (String city : List.of("aachen", "bonn/north")) {
      image("images/training/" + city + "/1.png", 3);
      mask("annotations/training/" + city + "/1.png", city.equals("aachen") ? 0 : 1);
    }
    Dataset dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(List.of("aachen/1", "bonn/north/1"), names(dataset, Split.TRAINING));
    assertEquals(0, dataset.read(Split.TRAINING, 0).labels()[0]);
    assertEquals(1, dataset.read(Split.TRAINING, 1).labels()[0]);
    mask("annotations/training/cologne/2.png", 0);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING),
        dir.resolve("annotations/training/cologne/2.png") + " has no image");
  }

  @Test
  void masksMayLieBesideTheirImages() throws IOException {
    for (String name : List.of("x", "y_mask_of_z", "Y")) {
      image("train/" + name + ".png", 9);
      mask("train/" + name + "_mask.png", 1);
      image("val/" + name + ".png", 9);
      mask("val/" + name + "_mask.png", 1);
    }
    DataFiles files = patterns("{split}/{name}", "{split}/{name}_mask.png");
    Dataset dataset = FolderDataset.open(dir, files);
    assertEquals(List.of("Y", "x", "y_mask_of_z"), names(dataset, Split.TRAINING));
    assertEquals(1, dataset.read(Split.VALIDATION, 1).labels()[0]);
    Files.delete(dir.resolve("val/x_mask.png"));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, files).size(Split.VALIDATION),
        dir.resolve("val/x.png") + " has no mask; add " + dir.resolve("val/x_mask.png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"_mask", "_segmentation"})
  void aSuffixThatAllMasksHaveIsProposed(String end) throws IOException {
    for (String name : List.of("x", "y")) {
      image("images/training/" + name + ".png", 9);
      mask("annotations/training/" + name + end + ".png", 1);
    }
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING),
        "x.png has no mask",
        "or give files.images images/{split}/{name} and files.masks annotations/{split}/{name}"
            + end);
    Dataset dataset =
        FolderDataset.open(
            dir, patterns("images/{split}/{name}", "annotations/{split}/{name}" + end));
    assertEquals(List.of("x", "y"), names(dataset, Split.TRAINING));
  }

  @Test
  void listsMayNamePathsWithoutTheirEndings() throws IOException {
    pair("t1");
    pair("t2");
    text("train.txt", "images/t1\n");
    text("val.txt", "images/t2.png\n");
    DataFiles lists = with(DataFiles.USUAL, List.of(), "{split}.txt", 0);
    assertEquals(List.of("t1"), names(FolderDataset.open(dir, lists), Split.TRAINING));
    text("train.txt", "images\\t1\n");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, lists).size(Split.TRAINING),
        "is \"images\\t1\", which has backslashes; write / between folders");
  }

  @Test
  void otherLayoutsAreProposed() throws IOException {
    refusedUnlessIn(
        "files.images img_dir/{split}/{name} and files.masks ann_dir/{split}/{name}",
        "img_dir/train/x.png",
        "ann_dir/train/x.png");
    refusedUnlessIn(
        "JPEGImages/{name}.png and files.masks SegmentationClass/{name}.png and files.lists ImageSets/Segmentation/{split}.txt",
        "JPEGImages/x.png",
        "SegmentationClass/x.png",
        "ImageSets/Segmentation/train.txt",
        "ImageSets/Segmentation/val.txt");
    refusedUnlessIn( // as LabelMe exports them
        "JPEGImages/{name}.png and files.masks SegmentationClassPNG/{name}.png and files.splitValidation 0.2",
        "JPEGImages/x.png",
        "SegmentationClassPNG/x.png",
        "SegmentationClassVisualization/x.jpg",
        "SegmentationClass/x.npy");
    refusedUnlessIn(
        "gtFine/{split}/{name}_gtFine_labelTrainIds.png",
        "leftImg8bit/train/a/x_leftImg8bit.png",
        "gtFine/train/a/x_gtFine_labelTrainIds.png",
        "gtFine/train/a/x_gtFine_labelIds.png");
    for (String alone : List.of("img_dir/x.png", "JPEGImages/x.png", "leftImg8bit/train/x.png")) {
      image(alone, 5);
      Refusals.assertRefused(() -> FolderDataset.open(dir), "cannot list the folder");
      Files.delete(dir.resolve(alone));
    }
    image("x.png", 5);
    mask("x_mask.png", 1);
    refusedUnlessIn(
        "files.images {name}.png and files.masks {name}_mask.png and files.splitValidation 0.2");
    Files.delete(dir.resolve("x.png"));
    Files.delete(dir.resolve("x_mask.png"));
    image("x.jpg", 5);
    mask("x.jpg.png", 1);
    refusedUnlessIn(
        "files.images {name}.jpg and files.masks {name}.jpg.png and files.splitValidation 0.2");
    image("train/x.png", 5);
    mask("train/x_mask.png", 1);
    refusedUnlessIn(
        "files.images {split}/{name}.png and files.masks {split}/{name}_mask.png; give");
    image("images/x.png", 5);
    mask("images/x_mask.png", 1);
    String keys = "files.images images/{name}.png and files.masks images/{name}_mask.png";
    refusedUnlessIn(keys);
    Refusals.assertRefused(
        () ->
            FolderDataset.open(dir, with(DataFiles.USUAL, List.of(), "", 0.2)).size(Split.TRAINING),
        "or, if masks lie beside the images, give " + keys);
  }

  /** With these files, which are not there afterwards. */
  private void refusedUnlessIn(String proposal, String... files) throws IOException {
    for (String file : files) {
      image(file, 5);
    }
    Refusals.assertRefused(() -> FolderDataset.open(dir), "is not there, but the files", proposal);
    for (String file : files) {
      Files.delete(dir.resolve(file));
    }
  }

  @Test
  void aProposalForNamesWithTwoEndingsWorks() throws IOException {
    for (String split : List.of("train", "val")) {
      image("images/" + split + "/i0.jpg", 9);
      mask("masks/" + split + "/i0.jpg.png", 1); // as Supervisely writes them
    }
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING),
        "files.images images/{split}/{name} and files.masks masks/{split}/{name}.jpg.png");
    Dataset dataset =
        FolderDataset.open(dir, patterns("images/{split}/{name}", "masks/{split}/{name}.jpg.png"));
    assertEquals(List.of("i0"), names(dataset, Split.VALIDATION));
    assertEquals(1, label(dataset, 0));
  }

  @Test
  void splitsOfOtherNamesAreProposed() throws IOException {
    for (String split : List.of("train2017", "val2017", "docs")) {
      image("images/" + split + "/a.png", 9);
      mask("annotations/" + split + "/a.png", 1);
    }
    Refusals.assertRefused(
        () -> FolderDataset.open(dir),
        "such as training, but docs, train2017 and val2017; give files.splits train2017,val2017");
    DataFiles named = with(DataFiles.USUAL, List.of("train2017", "val2017"), "", 0);
    assertEquals(1, FolderDataset.open(dir, named).size(Split.VALIDATION));
    image("images/train/a.png", 9);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.VALIDATION),
        "there are images for training, and beside them docs, train2017 and val2017; add some, or say");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, patterns("x/{split}/{name}", "y/{split}/{name}")),
        "none of " + dir.resolve("x/training") + ", " + dir.resolve("x/train") + " is there; give");
    image("x/train_1/a.png", 9);
    image("x/val_1/a.png", 9);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, patterns("x/{split}/{name}", "y/{split}/{name}")),
        " is there, but train_1 and val_1; give the folder of the data, or give files.splits train_1,val_1");
    DataFiles other = with(DataFiles.USUAL, List.of("train", "mine"), "", 0);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, other).size(Split.VALIDATION),
        dir.resolve("images/mine") + " is not there, but");
  }

  @Test
  void namesThatDifferInCaseAreOneFinding() throws IOException {
    image("images/training/IMG_0.JPG", 9);
    mask("annotations/training/img_0.png", 1);
    List<Listing.Stray> strays =
        ((LabelledImages) FolderDataset.open(dir, DataFiles.USUAL))
            .listing(Split.TRAINING)
            .strays();
    assertEquals(1, strays.size(), strays::toString);
    assertEquals(
        "%s has no mask, since the name of %s differs in case; write both names alike"
            .formatted(
                dir.resolve("images/training/IMG_0.JPG"),
                dir.resolve("annotations/training/img_0.png")),
        strays.get(0).sentence());
    image("images/IMG_1.png", 9);
    mask("annotations/img_1.png", 1);
    text("train.txt", "IMG_1\n");
    DataFiles lists = with(DataFiles.USUAL, List.of("train", "val"), "{split}.txt", 0);
    Refusals.assertRefused(
        () ->
            FolderDataset.open(
                    dir,
                    with(
                        patterns("images/{name}.png", "annotations/{name}.png"),
                        List.of("train", "val"),
                        "{split}.txt",
                        0))
                .size(Split.TRAINING),
        "IMG_1.png has no mask, since the name of " + dir.resolve("annotations/img_1.png"));
    text("train.txt", "img_1\n");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, lists).size(Split.TRAINING), "IMG_1.png differs in case)");
  }

  /** As Pascal VOC is before what SBD adds. */
  @Test
  void listsAndMasksOfTheUsualNamesAreProposed() throws IOException {
    image("JPEGImages/a.png", 9);
    mask("SegmentationClass/a.png", 1);
    Files.writeString(dir.resolve("train.txt"), "a\n");
    Files.writeString(dir.resolve("val.txt"), "a\n");
    DataFiles files = patterns("JPEGImages/{name}", "SegmentationClassAug/{name}.png");
    Refusals.assertRefused(
        () ->
            FolderDataset.open(dir, with(files, List.of("trainaug", "val"), "{split}.txt", 0))
                .size(Split.TRAINING),
        "trainaug.txt is not there, but there",
        "as in files.splits train,val and files.masks SegmentationClass/{name}.png");
    assertEquals(
        List.of("a"),
        names(
            FolderDataset.open(
                dir,
                with(
                    patterns("JPEGImages/{name}", "SegmentationClass/{name}.png"),
                    List.of("train", "val"),
                    "{split}.txt",
                    0)),
            Split.TRAINING));
  }

  @Test
  void polygonsInTextFilesAreNoMasks() throws IOException {
    image("images/train/x.png", 9);
    Files.createDirectories(dir.resolve("labels/train"));
    Files.writeString(dir.resolve("labels/train/x.txt"), "0 0.1 0.1 0.2 0.2 0.3 0.1");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING),
        "x.png has no mask",
        "draw masks of the .txt files there");
  }

  @Test
  void imagesOfAnotherEndingThanThePatternsAreMentioned() throws IOException {
    image("images/train/x.png", 9);
    image("images/val/x.png", 9);
    Refusals.assertRefused(
        () ->
            FolderDataset.open(
                    dir, patterns("images/{split}/{name}.jpg", "masks/{split}/{name}.png"))
                .size(Split.TRAINING),
        dir.resolve("images/train")
            + " has no {name}.jpg files, but 1 image of other names, such as x.png");
  }

  @Test
  void withoutClassesTheirOptionIsNamed() throws IOException {
    Files.delete(dir.resolve("classes.txt"));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir), "classes.txt is missing", "0=background,255=foreground");
    Path mask = dir.resolve("annotations/training/a.png");
    image("images/training/a.png", 5);
    BufferedImage values = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 2, 2, 0);
    values.getRaster().setSample(1, 0, 0, 1);
    TestImages.write(mask, TestImages.png(values));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir), "as in 0=background,1=foreground for the values of " + mask);
    values.getRaster().setSample(0, 1, 0, 7);
    values.getRaster().setSample(1, 1, 0, 255);
    TestImages.write(mask, TestImages.png(values));
    Refusals.assertRefused(
        () -> FolderDataset.open(dir), "as in 0=background,1=class1,7=class2,255=void for");
  }

  @Test
  void aFolderThatBothShareIsPartOfTheName() throws IOException {
    for (String scene : List.of("Rural", "Urban")) {
      image("Train/" + scene + "/images_png/7.png", 3);
      mask("Train/" + scene + "/masks_png/7.png", scene.equals("Urban") ? 1 : 0);
    }
    DataFiles files =
        with(
            patterns("{split}/*/images_png/{name}.png", "{split}/*/masks_png/{name}.png"),
            List.of("Train", "Val"),
            "",
            0);
    Dataset dataset = FolderDataset.open(dir, files);
    assertEquals(List.of("Rural/7", "Urban/7"), names(dataset, Split.TRAINING));
    assertEquals(1, dataset.read(Split.TRAINING, 1).labels()[0]);
  }

  @Test
  void aShareIsSplitOffByTheNameAndStaysWhenFilesAreAdded() throws IOException {
    IntStream.range(0, 100).forEach(i -> pair("n" + i));
    DataFiles files = with(DataFiles.USUAL, List.of(), "", 0.2);
    Dataset before = FolderDataset.open(dir, files);
    TreeSet<String> validation = new TreeSet<>(names(before, Split.VALIDATION));
    TreeSet<String> training = new TreeSet<>(names(before, Split.TRAINING));
    assertEquals(100, validation.size() + training.size());
    assertTrue(validation.size() >= 12 && validation.size() <= 28, validation::toString);
    IntStream.range(100, 150).forEach(i -> pair("n" + i));
    Dataset after = FolderDataset.open(dir, files);
    assertTrue(names(after, Split.VALIDATION).containsAll(validation));
    assertTrue(names(after, Split.TRAINING).containsAll(training));
  }

  /** Pinned, so that no version moves an image from one split to the other. */
  @Test
  void theHashOfANameStays() {
    double first = 0xca978112L / 4294967296.0; // of its SHA-256, FIPS 180-4
    assertEquals(first, SplitShare.share("a"), 1e-9);
    assertEquals(SplitShare.share("u\u0308"), SplitShare.share("\u00fc"));
  }

  @Test
  void imagesWithoutASplitAskForOne() {
    pair("a");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir), "has no folder for a split", "files.splitValidation 0.2");
    Refusals.assertRefused(
        () ->
            FolderDataset.open(dir, with(DataFiles.USUAL, List.of(), "", 1e-9))
                .size(Split.VALIDATION),
        "of 1 image none is for validation with files.splitValidation 1.0E-9",
        "give a larger share, or more images");
  }

  @Test
  void aListNamesTheImagesOfASplit() throws IOException {
    List.of("a", "b c", "d.e").forEach(this::pair);
    text("splits/train.txt", "\uFEFF\nd.e\n\na\n");
    text("splits/val.txt", "images/b c.png\n");
    DataFiles files = with(DataFiles.USUAL, List.of(), "splits/{split}.txt", 0);
    Dataset dataset = FolderDataset.open(dir, files);
    assertEquals(List.of("d.e", "a"), names(dataset, Split.TRAINING));
    assertEquals(List.of("b c"), names(dataset, Split.VALIDATION));
    text("splits/train.txt", "a\na.png\n");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, files).size(Split.TRAINING),
        "names \"a\" in the lines 1 and 2");
    text("splits/train.txt", "a\nnone\n");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, files).size(Split.TRAINING), "line 2 of", "is \"none\"");
    Files.delete(dir.resolve("annotations/a.png"));
    text("splits/train.txt", "a\n");
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, files).size(Split.TRAINING), "a.png has no mask");
  }

  /** In a locale of ASCII alone, Java makes no path of other letters. */
  @Test
  void aNameThatIsNoPathInThisLocaleIsRefused() throws IOException {
    assumeFalse("UTF-8".equals(System.getProperty("sun.jnu.encoding")));
    pair("a");
    text("train.txt", "a\n" + NFC + "\u4e2d\n");
    text("val.txt", "a\n");
    DataFiles files = with(DataFiles.USUAL, List.of(), "{split}.txt", 0);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, files).size(Split.TRAINING), "line 2 of", "LC_ALL=C.UTF-8");
  }

  @Test
  void aListMayBeOfWindowsAndNameWhatIsSpelledOtherwise() throws IOException {
    List.of("a", "b", NFD).forEach(this::pair);
    Files.move(dir.resolve("images/b.png"), dir.resolve("images/b.PNG"));
    Files.move(dir.resolve("annotations/b.png"), dir.resolve("annotations/b.Png"));
    text("train.txt", "a \r\n\t" + NFC + ".png\r\nb.png\r\n\r\n");
    for (DataFiles patterns :
        List.of(DataFiles.USUAL, patterns("images/{name}.png", "annotations/{name}.png"))) {
      DataFiles files = with(patterns, List.of(), "{split}.txt", 0);
      Dataset dataset = FolderDataset.open(dir, files);
      assertEquals(3, dataset.size(Split.TRAINING));
      IntStream.range(0, 3).forEach(i -> assertEquals(1, label(dataset, i)));
    }
  }

  /** macOS and some archivers write NFD, others NFC. */
  @Test
  void anImageAndItsMaskMayBeComposedAndDecomposed() throws IOException {
    image("images/training/" + NFC + "/" + NFC + ".png", 3);
    mask("annotations/training/" + NFD + "/" + NFD + ".png", 1);
    image("images/training/f.png", 3);
    mask("annotations/training/f.png", 1);
    Dataset dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(List.of("f", NFC + "/" + NFC), names(dataset, Split.TRAINING));
    mask("annotations/training/" + NFC + "/" + NFC + ".png", 0);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING),
        "ber.png is there twice, its letters composed (NFC) and decomposed (NFD); keep one");
  }

  @Test
  void ofTwoImagesOfOneSpellingNeitherIsTaken() throws IOException {
    for (String name : List.of(NFC, NFD)) {
      image("images/training/" + name + ".png", 3);
      mask("annotations/training/" + name + ".png", 1);
    }
    Refusals.assertRefused(
        () -> FolderDataset.open(dir, DataFiles.USUAL).size(Split.TRAINING), "is there twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        " lead",
        "[brackets]",
        "{name}",
        "{split}",
        "50%",
        "%s%d%n",
        "*",
        "a?b",
        "$1",
        "back\\slash",
        "q'uote\"s",
        "#1",
        "~",
        "-x",
        "\u00fc\u4e2d"
      })
  void theFolderOfTheDataMayHaveAnyName(String name) throws IOException {
    Path data = Files.createDirectories(dir.resolve(name));
    Path link = Files.createSymbolicLink(dir.resolve("link of " + name), data);
    for (Path folder : List.of(TestImages.dataset(data, 2, 8, 6), link)) {
      Dataset dataset = FolderDataset.open(folder);
      assertEquals(List.of("000", "001"), names(dataset, Split.TRAINING));
    }
    Path none = data.resolve("none");
    Refusals.assertRefused(() -> FolderDataset.open(none), none.toString());
  }

  @Test
  void dataMayLieInAnArchiveThatJavaHasMounted() throws IOException {
    Path archive = dir.resolve("data.zip");
    Refusals.assertRefused(
        () -> FolderDataset.open(Files.createFile(archive)), "is a file; unpack it");
    Files.delete(archive);
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      for (String folder : List.of("/", "/inside")) {
        Path data = Files.createDirectories(zip.getPath(folder));
        Dataset dataset = FolderDataset.open(TestImages.dataset(data, 2, 8, 6));
        assertEquals(List.of("000", "001"), names(dataset, Split.TRAINING));
        ((HeaderCheck) dataset).checkHeaders(Split.VALIDATION);
      }
    }
  }

  @Test
  void aShareOfFoldersInsideIsSplitOff() throws IOException {
    for (int i = 0; i < 60; i++) {
      String name = "%d/%d".formatted(i % 3, i);
      image("images/training/" + name + ".png", 5);
      mask("annotations/training/" + name + ".png", 1);
    }
    DataFiles files = with(DataFiles.USUAL, List.of(), "", 0.3);
    Dataset dataset = FolderDataset.open(dir, files);
    List<String> validation = names(dataset, Split.VALIDATION);
    assertEquals(60, validation.size() + dataset.size(Split.TRAINING));
    assertEquals(
        validation.stream().filter(name -> SplitShare.share(name) < 0.3).toList(), validation);
    assertTrue(validation.size() >= 8 && validation.size() <= 28, validation::toString);
  }

  private static int label(Dataset dataset, int index) {
    return dataset.read(Split.TRAINING, index).labels()[0];
  }

  @Test
  void onlyTheSplitThatIsReadIsListed() throws IOException {
    image("images/test/a.png", 3);
    mask("annotations/test/a.png", 1);
    Dataset dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(1, dataset.size(Split.TEST));
    Refusals.assertRefused(
        () -> dataset.size(Split.TRAINING),
        "has no training images",
        dir.resolve("images/training").toString(),
        dir.resolve("images/train").toString());
  }

  @Test
  void twoFoldersForOneSplitAreRefused() throws IOException {
    image("images/train/a.png", 3);
    image("images/training/a.png", 3);
    Refusals.assertRefused(
        () -> FolderDataset.open(dir),
        dir.resolve("images/training") + " and " + dir.resolve("images/train"),
        "files.splits");
  }

  @Test
  void linksAndHiddenFilesDoNoHarm() throws IOException {
    image("images/training/a.png", 3);
    mask("annotations/training/a.png", 1);
    text("images/training/._a.png", "of the system");
    Files.createSymbolicLink(dir.resolve("images/training/again"), dir.resolve("images"));
    Dataset dataset = FolderDataset.open(dir, DataFiles.USUAL);
    assertEquals(List.of("a"), names(dataset, Split.TRAINING));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          images/{split}/x.jpg | m/{name}.png | files.images must have {name} once
          {name}{name} | {name}.png | files.images must have {name} once
          {name}.jpg | ../{name}.png | is a path below the folder
          {name}.jpg | /m/{name}.png | is a path below the folder
          {nmae}/{name} | {name}.png | knows {split}, {name} and *
          */{name} | {name}.png | must have a * for each other's
          {name} | {name} | are the same
          {name} | '' | files.masks is missing
          """)
  void patternsThatAreNoneAreRefused(String images, String masks, String sentence) {
    Refusals.assertUsage(() -> patterns(images, masks), sentence);
  }

  private static List<String> names(Dataset dataset, Split split) {
    return IntStream.range(0, dataset.size(split))
        .mapToObj(i -> dataset.read(split, i).name())
        .toList();
  }

  private static DataFiles patterns(String images, String masks) {
    DataFiles usual = DataFiles.USUAL;
    return new DataFiles(
        images, masks, List.of(), "", 0, 0, usual.voids(), List.of(), false, List.of());
  }

  private static DataFiles with(DataFiles files, List<String> splits, String lists, double share) {
    return new DataFiles(
        files.images(),
        files.masks(),
        splits,
        lists,
        share,
        0,
        files.voids(),
        List.of(),
        false,
        List.of());
  }

  private void pair(String name) {
    try {
      image("images/" + name + ".png", 5);
      mask("annotations/" + name + ".png", 1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void text(String path, String text) throws IOException {
    Files.createDirectories(dir.resolve(path).getParent());
    Files.writeString(dir.resolve(path), text);
  }

  private void image(String path, int red) throws IOException {
    BufferedImage image = TestImages.plain(BufferedImage.TYPE_3BYTE_BGR, 2, 2, red, 0, 0);
    TestImages.write(dir.resolve(path), TestImages.png(image));
  }

  private void mask(String path, int label) throws IOException {
    BufferedImage mask = TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 2, 2, label);
    TestImages.write(dir.resolve(path), TestImages.png(mask));
  }
}
