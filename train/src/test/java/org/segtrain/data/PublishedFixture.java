package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A data set in the layout in which its authors, or the usual converter, give it: tiny images of
 * noise, with masks of given values in stripes.
 *
 * @param root the folder that is given to {@code --data}
 * @param values in the masks
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PublishedFixture(Path root, int... values) {

  private static final int WIDTH = 48;
  private static final int HEIGHT = 40;

  /**
   * Writes the files of a known data set.
   *
   * @throws IllegalArgumentException if there is no fixture of that name
   */
  public static PublishedFixture of(String dataset, Path root) throws IOException {
    return switch (dataset) {
      case "ade20k" -> ade20k(root);
      case "cityscapes" -> cityscapes(root);
      case "voc2012" -> voc(root);
      case "pascal_context_59", "pascal_context_60" -> context(root);
      case "coco_stuff_164k" -> coco164k(root);
      case "coco_stuff_10k" -> coco10k(root);
      case "loveda" -> loveda(root);
      default -> throw new IllegalArgumentException("no fixture of " + dataset);
    };
  }

  private static PublishedFixture ade20k(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 1, 7, 150);
    for (String name : List.of("training/ADE_train_0000000", "validation/ADE_val_0000000")) {
      for (int i = 1; i <= 2; i++) {
        files.jpeg("ADEChallengeData2016/images/" + name + i + ".jpg");
        files.mask("ADEChallengeData2016/annotations/" + name + i + ".png");
      }
    }
    return files.text("ADEChallengeData2016/objectInfo150.txt", "Idx\tRatio");
  }

  private static PublishedFixture cityscapes(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 3, 7, 11, 26, 33);
    for (String name :
        List.of(
            "train/aachen/aachen_000000_000019",
            "train/zurich/zurich_000121_000019",
            "val/frankfurt/frankfurt_000000_000294",
            "test/berlin/berlin_000000_000019")) {
      files.png("leftImg8bit/" + name + "_leftImg8bit.png");
      files.mask("gtFine/" + name + "_gtFine_labelIds.png");
      files.mask("gtFine/" + name + "_gtFine_instanceIds.png");
      files.png("gtFine/" + name + "_gtFine_color.png");
      files.text("gtFine/" + name + "_gtFine_polygons.json", "{}");
    }
    return files.text("README", "Cityscapes");
  }

  private static PublishedFixture voc(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 15, 20, 255);
    String base = "VOCdevkit/VOC2012/";
    for (String name : List.of("2007_000032", "2008_000008", "2007_000033", "2011_003276")) {
      files.jpeg(base + "JPEGImages/" + name + ".jpg");
    }
    for (String name : List.of("2007_000032", "2008_000008", "2007_000033")) {
      files.mask(base + "SegmentationClassAug/" + name + ".png");
    }
    files.text(base + "ImageSets/Segmentation/trainaug.txt", "2007_000032\n2008_000008\n");
    files.text(base + "ImageSets/Segmentation/train.txt", "2007_000032\n");
    return files.text(base + "ImageSets/Segmentation/val.txt", "2007_000033\n");
  }

  private static PublishedFixture context(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 1, 23, 59);
    String base = "VOCdevkit/VOC2010/";
    for (String name : List.of("2008_000002", "2008_000003", "2008_000004", "2009_000001")) {
      files.jpeg(base + "JPEGImages/" + name + ".jpg");
      files.mask(base + "SegmentationClassContext/" + name + ".png");
    }
    files.text(base + "ImageSets/SegmentationContext/train.txt", "2008_000002\n2008_000003\n");
    return files.text(base + "ImageSets/SegmentationContext/val.txt", "2008_000004\n");
  }

  private static PublishedFixture coco164k(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 89, 91, 181, 255);
    for (String name :
        List.of("train2017/000000000009", "train2017/000000000025", "val2017/000000000139")) {
      files.jpeg("images/" + name + ".jpg");
      files.mask("annotations/" + name + ".png");
      files.mask("annotations/" + name + "_labelTrainIds.png"); // of MMSegmentation's converter
    }
    return files;
  }

  private static PublishedFixture coco10k(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 1, 81, 171);
    for (String name :
        List.of(
            "train2014/COCO_train2014_000000000077",
            "train2014/COCO_train2014_000000000149",
            "test2014/COCO_train2014_000000000308")) {
      files.jpeg("images/" + name + ".jpg");
      files.mask("annotations/" + name + "_labelTrainIds.png");
    }
    return files;
  }

  private static PublishedFixture loveda(Path root) throws IOException {
    PublishedFixture files = new PublishedFixture(root, 0, 1, 2, 7);
    for (String folder : List.of("Train/Rural", "Train/Urban", "Val/Rural", "Val/Urban")) {
      files.png(folder + "/images_png/1366.png");
      files.mask(folder + "/masks_png/1366.png");
    }
    files.png("Test/Urban/images_png/5167.png");
    return files;
  }

  private PublishedFixture text(String path, String text) throws IOException {
    TestImages.write(root.resolve(path), text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private void jpeg(String path) throws IOException {
    TestImages.write(root.resolve(path), TestImages.jpeg(noise(path)));
  }

  private void png(String path) throws IOException {
    TestImages.write(root.resolve(path), TestImages.png(noise(path)));
  }

  private void mask(String path) throws IOException {
    BufferedImage mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        mask.getRaster().setSample(x, y, 0, values[x * values.length / WIDTH]);
      }
    }
    TestImages.write(root.resolve(path), TestImages.png(mask));
  }

  private static BufferedImage noise(String seed) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(seed.hashCode());
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }
}
