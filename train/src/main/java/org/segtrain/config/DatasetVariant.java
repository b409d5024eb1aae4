package org.segtrain.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.segtrain.config.internal.Defaults;
import org.segtrain.data.Ade20kDataset;
import org.segtrain.data.ClassTable;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Dataset;
import org.segtrain.data.DatasetSource;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.JoinedDataset;
import org.segtrain.data.Palette;
import org.segtrain.data.ShapesDataset;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;

/**
 * The kinds of data set, by name: the places of their files, the meaning of their masks, the
 * defaults of a training, and their source.
 */
public enum DatasetVariant {
  /** Scenes drawn by the program: needs no files. A run of minutes, too short to overfit. */
  SHAPES(
      Overlay.of("data set shapes")
          .with("model.dropPath", 0)
          .with("model.dropout", 0)
          .with("data.crop", 128)
          .with("data.minScale", 1)
          .with("data.maxScale", 1)
          .with("data.photometric", false)
          .with("schedule.iterations", 2200)
          .with("schedule.batch", 4)
          .with("schedule.evalEvery", 1100)
          .with("optimizer.learningRate", 6e-4)
          .with("loss.classBalance", 0.5)),
  /** A folder of one's own photographs and masks. */
  FOLDER(
      crops("folder", 320)
          .with("schedule.iterations", 4000)
          .with("schedule.batch", 8)
          .with("schedule.evalEvery", 500)
          .with("optimizer.learningRate", 5e-4)),
  /** ADE20K in its official layout. */
  ADE20K(published("ade20k", 512, Ade20kDataset.FILES), Ade20kDataset.SOURCE),
  /** Cityscapes, whose masks hold the official ids of 34 classes, of which 19 are scored. */
  CITYSCAPES(
      published("cityscapes", 1024)
          .with("data.crop", "512x1024")
          .with("data.scale", "2048x1024")
          .with("files.images", "leftImg8bit/{split}/{name}_leftImg8bit.png")
          .with("files.masks", "gtFine/{split}/{name}_gtFine_labelIds.png")
          .with("files.splits", List.of("train", "val", "test"))
          .with("files.voids", List.of())
          .with(
              "files.labels",
              List.of("0-6=void", "9-10=void", "14-16=void", "18=void", "29-30=void")),
      new DatasetSource(
          "Cityscapes",
          List.of("cityscapes"),
          "www.cityscapes-dataset.com",
          "leftImg8bit_trainvaltest.zip and gtFine_trainvaltest.zip, unpack both into one folder",
          "non-commercial; one registers there and accepts the terms")),
  /** Pascal VOC 2012, trained with the masks of SBD too. */
  VOC2012(
      published("voc2012", 512)
          .with("files.images", "JPEGImages/{name}.jpg")
          .with("files.masks", "SegmentationClassAug/{name}.png")
          .with("files.lists", "ImageSets/Segmentation/{split}.txt")
          .with("files.splits", List.of("trainaug", "val")),
      new DatasetSource(
          "Pascal VOC 2012",
          List.of("VOCdevkit/VOC2012", "VOC2012"),
          "host.robots.ox.ac.uk/pascal/VOC/voc2012",
          "VOCtrainval_11-May-2012.tar, unpack it, put SBD's masks as PNG into SegmentationClassAug"
              + " beside JPEGImages and the list trainaug.txt into ImageSets/Segmentation",
          "images by the terms of Flickr; ask VOC and SBD for others")),
  /** Pascal Context with its 59 classes; the rest is void. */
  PASCAL_CONTEXT_59(
      context("pascal_context_59").with("files.first", 1).with("files.voids", List.of(0)),
      contextSource()),
  /** Pascal Context with a class for the rest. */
  PASCAL_CONTEXT_60(context("pascal_context_60"), contextSource()),
  /** COCO-Stuff of 2017, whose masks hold the official ids less one. */
  COCO_STUFF_164K(
      published("coco_stuff_164k", 512)
          .with("files.images", "images/{split}2017/{name}.jpg")
          .with("files.masks", "annotations/{split}2017/{name}.png")
          .with("files.splits", List.of("train", "val")),
      new DatasetSource(
          "COCO-Stuff 164k",
          List.of("coco_stuff164k"),
          "github.com/nightrome/cocostuff",
          "train2017.zip and val2017.zip, unpack them into images, and"
              + " stuffthingmaps_trainval2017.zip into annotations",
          "annotations CC BY 4.0; images by the terms of Flickr")),
  /** COCO-Stuff of 10,000 images, with masks as MMSegmentation's converter writes them. */
  COCO_STUFF_10K(
      published("coco_stuff_10k", 512)
          .with("files.images", "images/{split}2014/{name}.jpg")
          .with("files.masks", "annotations/{split}2014/{name}_labelTrainIds.png")
          .with("files.splits", List.of("train", "test"))
          .with("files.first", 1)
          .with("files.voids", List.of(0)),
      new DatasetSource(
          "COCO-Stuff 10k",
          List.of("coco_stuff10k"),
          "github.com/nightrome/cocostuff10k",
          "cocostuff-10k-v1.1.zip, unpack it, and convert its .mat masks to PNG with"
              + " MMSegmentation's coco_stuff10k.py",
          "annotations CC BY 4.0; images by the terms of Flickr")),
  /** LoveDA: land cover in towns and in the country. */
  LOVEDA(
      published("loveda", 512)
          .with("evaluation.size", "1024x1024")
          .with("files.images", "{split}/*/images_png/{name}.png")
          .with("files.masks", "{split}/*/masks_png/{name}.png")
          .with("files.splits", List.of("Train", "Val", "Test"))
          .with("files.first", 1)
          .with("files.voids", List.of(0)),
      new DatasetSource(
          "LoveDA",
          List.of("LoveDA"),
          "github.com/Junjue-Wang/LoveDA",
          "Train.zip and Val.zip, unpack both into one folder",
          "CC BY-NC-SA 4.0"));

  private final Overlay defaults;
  private final Optional<DatasetSource> source;

  DatasetVariant(Overlay defaults) {
    this.defaults = defaults;
    this.source = Optional.empty();
  }

  DatasetVariant(Overlay defaults, DatasetSource source) {
    this.defaults = defaults;
    this.source = Optional.of(source);
  }

  /** MMSegmentation's augmentation with crops of that size. */
  private static Overlay crops(String name, int crop) {
    return Overlay.of("data set " + name)
        .with("data.crop", crop)
        .with("data.minScale", 0.5)
        .with("data.maxScale", 2)
        .with("data.photometric", true);
  }

  /** Values for every large data set. */
  private static Overlay published(String name, int crop) {
    return crops(name, crop)
        .with("schedule.iterations", 40_000)
        .with("schedule.batch", 8)
        .with("schedule.evalEvery", 4000)
        .with("optimizer.learningRate", 1e-4);
  }

  private static Overlay published(String name, int crop, DataFiles files) {
    return published(name, crop).with(Overlay.of("", "files", files));
  }

  private static Overlay context(String name) {
    return published(name, 480)
        .with("data.scale", "520x520")
        .with("files.images", "JPEGImages/{name}.jpg")
        .with("files.masks", "SegmentationClassContext/{name}.png")
        .with("files.lists", "ImageSets/SegmentationContext/{split}.txt")
        .with("files.splits", List.of("train", "val"));
  }

  private static DatasetSource contextSource() {
    return new DatasetSource(
        "Pascal Context",
        List.of("VOCdevkit/VOC2010", "VOC2010"),
        "cs.stanford.edu/~roozbeh/pascal-context",
        "VOCtrainval_03-May-2010.tar, unpack it, and convert trainval_merged.json to"
            + " SegmentationClassContext with MMSegmentation's pascal_context.py",
        "images by the terms of Flickr; none stated for the annotations");
  }

  /** The defaults of a training on it. */
  public Overlay defaults() {
    return defaults.with("data.dataset", toString());
  }

  /** Where its files are and what its masks mean, every key of {@code files}. */
  public Overlay fileDefaults() {
    return Defaults.BUILT_IN.with(defaults).from(defaults.origin()).section("files");
  }

  /** Its values of files and training, by key, for JSON. */
  public Map<String, Object> stated() {
    return new LinkedHashMap<>(fileDefaults().with(defaults).values());
  }

  /** The same as people read it, without what is empty. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    fileDefaults()
        .with(defaults)
        .values()
        .forEach((key, value) -> texts.put(key, Values.listed(value)));
    texts.values().removeIf(String::isEmpty);
    return texts;
  }

  /** Where to get it, if it is published. */
  public Optional<DatasetSource> source() {
    return source;
  }

  /**
   * Opens the data where they usually are.
   *
   * @param data their folder; empty where none is needed
   * @throws org.segtrain.errors.DataException if they are not there or not as they should be
   */
  public Dataset open(String data) {
    return open(data, fileDefaults().section("files", DataFiles.class));
  }

  /**
   * Opens the data. A split is listed when it is first asked for.
   *
   * @param data their folder; empty where none is needed
   * @param files where its files are, and what its masks mean
   * @throws org.segtrain.errors.DataException if they are not there or not as they should be
   * @throws UsageException if {@code files} do not suit the data
   */
  public Dataset open(String data, DataFiles files) {
    return switch (this) {
      case SHAPES -> shapes(files);
      case FOLDER -> FolderDataset.open(Path.of(data), files);
      default -> {
        Path folder = source.orElseThrow().locate(Path.of(data), files);
        yield FolderDataset.open(toString(), ClassTable.ofBuild(toString()), folder, files);
      }
    };
  }

  /**
   * Opens the data that a model is measured on.
   *
   * @param classes that it tells apart, where a folder does not list its own
   * @throws org.segtrain.errors.DataException if the data are not there or not as they should be
   * @throws UsageException if {@code config} does not suit the data
   */
  public static Dataset openToMeasure(TrainConfig config, List<String> classes) {
    boolean folder = of(config.data().dataset()) == FOLDER && config.data().parts().isEmpty();
    return folder
        ? FolderDataset.open(Path.of(config.data().path()), config.files(), classes)
        : open(config);
  }

  private static Dataset shapes(DataFiles files) {
    if (!files.equals(DataFiles.USUAL)) {
      throw new UsageException(
          "data.dataset is shapes, which is drawn and has no files; leave files.images and the like"
              + " out, or choose folder");
    }
    return new ShapesDataset();
  }

  /**
   * Opens the data of a run, one folder or several that are joined.
   *
   * @throws org.segtrain.errors.DataException if they are not there or not as they should be
   * @throws UsageException if {@code config} does not suit the data
   */
  public static Dataset open(TrainConfig config) {
    DatasetVariant variant = of(config.data().dataset());
    List<DataPart> parts = config.data().parts();
    if (parts.isEmpty()) {
      return variant.open(config.data().path(), config.files());
    } else if (variant == SHAPES) {
      throw new UsageException(
          "data.dataset is shapes, which is drawn and has no folders; leave data.parts out, or choose"
              + " folder");
    }
    DataPart first = parts.get(0);
    JoinedDataset joined =
        JoinedDataset.of(variant.open(first.path(), config.files()), first.weight());
    for (DataPart part : parts.subList(1, parts.size())) {
      joined = joined.and(variant.open(part.path(), config.files()), part.weight());
    }
    return joined;
  }

  /** Its classes, if they are the same in each of its folders. */
  public Optional<ClassTable> table() {
    return switch (this) {
      case SHAPES -> Optional.of(ClassTable.of(new ShapesDataset().classes()));
      case FOLDER -> Optional.empty();
      default -> Optional.of(ClassTable.ofBuild(toString()));
    };
  }

  /** The names of its classes, if they are the same in each of its folders. */
  public Optional<List<String>> classes() {
    return table().map(ClassTable::names);
  }

  /**
   * The colours of a run's classes: those it was told, those of a published data set, or others.
   *
   * @param classes how many the run tells apart
   */
  public static Palette palette(TrainConfig config, int classes) {
    List<String> given = config.files().palette();
    if (given.size() == classes) {
      return Palette.of(given.stream().map(DataFiles::colour).toList());
    }
    return Choice.names(values()).contains(config.data().dataset())
        ? of(config.data().dataset())
            .table()
            .filter(table -> table.colours().size() == classes)
            .map(table -> Palette.of(table.colours()))
            .orElseGet(() -> Palette.of(classes))
        : Palette.of(classes);
  }

  /** The name at every border, {@code ade20k}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of that name.
   *
   * @throws org.segtrain.errors.UsageException if there is none, naming the known ones
   */
  public static DatasetVariant of(String name) {
    return Choice.of("dataset", values(), name);
  }
}
