package org.segtrain.check;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.ImageFormat;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Legend;
import org.segtrain.data.internal.Pixels;
import org.segtrain.data.internal.Tint;
import org.segtrain.data.internal.Turns;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.page.internal.Page;
import org.segtrain.page.internal.Thumbnail;

/**
 * Training samples as training sees them, augmented, beside the same under the colours of their
 * labels, with a legend. They are the first of a training with the same configuration, unless it
 * draws rare classes more often.
 */
public final class ContactSheet {

  private static final String PAGE = "segtrain data browse"; // who wrote it
  private static final int SIDE = 256; // of a sample, pixels
  private static final int GAP = 4;
  private static final int LINE = 16; // of a name, pixels
  private static final int MOST = 256; // a sheet of 36 megapixels

  private static final int MEGA = 1_000_000;

  /** Of all crops: minutes on two cores. */
  private static final long MOST_PIXELS = 256L * MEGA;

  /** A sample, and the same under its labels. */
  private record Cell(String name, BufferedImage photograph, BufferedImage labelled) {}

  private final List<String> classes;
  private final Palette palette;
  private final List<Cell> cells;
  private final List<String> skipped;
  private final int images;

  private ContactSheet(
      List<String> classes, Palette palette, List<Cell> cells, List<String> skipped, int images) {
    this.classes = classes;
    this.palette = palette;
    this.cells = cells;
    this.skipped = skipped;
    this.images = images;
  }

  /**
   * Reads and augments samples, on all cores.
   *
   * @param samples how many
   * @param skips whether the next sample takes the place of one that cannot be read
   * @throws UsageException if there are none or too many of them, or their crops are too large
   * @throws org.segtrain.errors.DataException if one cannot be read, and it does not
   */
  public static ContactSheet of(
      TrainConfig config, int samples, boolean skips, CheckProgress progress) {
    if (samples < 1 || samples > MOST) {
      throw new UsageException("samples must be from 1 to %d, but is %d".formatted(MOST, samples));
    }
    refuseLarge(Objects.requireNonNull(config, "config").data().crop(), samples);
    Dataset whole = DatasetVariant.open(config);
    SkippingDataset readable = SkippingDataset.forTraining(whole);
    Dataset dataset = skips ? readable : whole;
    Palette palette = palette(config, whole);
    Preparation preparation = config.preparation();
    Turns order =
        Turns.of(
            dataset,
            config.data().rareClasses(),
            config.run().seed(),
            Runtime.getRuntime().availableProcessors());
    List<Turns.Turn> turns = IntStream.range(0, samples).mapToObj(order::at).toList();
    Counter counter = new Counter(samples, progress);
    List<Cell> cells =
        turns.parallelStream()
            .map(
                turn -> {
                  Sample sample = dataset.read(Split.TRAINING, turn.index());
                  Cell cell = cell(preparation.apply(sample, turn.random()), palette);
                  counter.count();
                  return cell;
                })
            .toList();
    return new ContactSheet(
        dataset.classes(), palette, cells, readable.sentences(), dataset.size(Split.TRAINING));
  }

  /** A small photograph is enlarged to its crop first, so crops say how long it takes. */
  private static void refuseLarge(ImageSize crop, int samples) {
    long each = (long) crop.width() * crop.height();
    if (each * samples > MOST_PIXELS) {
      long most = MOST_PIXELS / each;
      throw new UsageException(
          "%s of %d x %d pixels would be %d megapixels to augment, but a sheet is of at most %d; %slower data.crop"
              .formatted(
                  Counted.of(samples, "sample"),
                  crop.width(),
                  crop.height(),
                  each * samples / MEGA,
                  MOST_PIXELS / MEGA,
                  most == 0 ? "" : "lower samples to %d, or ".formatted(most)));
    }
  }

  /** The colours of its classes in pictures: its own, or those of a run of this configuration. */
  static Palette palette(TrainConfig config, Dataset dataset) {
    List<String> own = FolderDataset.palette(dataset);
    return own.isEmpty()
        ? DatasetVariant.palette(config, dataset.classes().size())
        : Palette.of(own.stream().map(DataFiles::colour).toList());
  }

  /** Tells how many are done. */
  private static final class Counter {

    private final int all;
    private final CheckProgress progress;
    private int done;

    Counter(int all, CheckProgress progress) {
      this.all = all;
      this.progress = Objects.requireNonNull(progress, "progress");
    }

    synchronized void count() {
      done++;
      progress.at(done, all);
    }
  }

  /** The faults of those that could not be read: sentences. */
  public List<String> skipped() {
    return skipped;
  }

  /** How many training images there are. */
  public int images() {
    return images;
  }

  private static Cell cell(Sample sample, Palette palette) {
    Picture labelled = Tint.of(sample.picture(), sample.labels(), palette);
    Padded padded = Padded.of(sample);
    return new Cell(
        sample.name(),
        Thumbnail.of(padded.striped(sample.picture()), SIDE),
        Thumbnail.of(padded.striped(labelled), SIDE));
  }

  /**
   * Refuses a file that cannot be written, before the data are read.
   *
   * @param config whose data the samples are of
   * @throws UsageException if the name is none of a PNG or HTML file
   * @throws org.segtrain.errors.DataException if another file is there or none can be, or if it
   *     would be taken for an image of the data
   */
  public static void check(TrainConfig config, Path file) {
    refuseForeign(file);
    Page.refusePlace(file, DataCheck.files(DatasetVariant.open(config)));
  }

  private static void refuseForeign(Path file) {
    Page.refuseForeign(file, isPage(file) ? Page.isOwn(file, PAGE) : ImageFiles.isSheet(file));
  }

  private static boolean isPage(Path file) {
    String ending = ImageFormat.ending(String.valueOf(file.getFileName())); // the root has none
    if (!List.of("png", "html", "htm").contains(ending)) {
      throw new UsageException(
          "%s is no name of a picture or a page; end it in .png or .html".formatted(file));
    }
    return !ending.equals("png");
  }

  /**
   * Writes it as PNG or HTML, as the name ends.
   *
   * @throws org.segtrain.errors.DataException if it cannot be written, or another file is there
   */
  public void write(Path file) {
    refuseForeign(file);
    if (isPage(file)) {
      Page.write(file, PAGE, Counted.of(cells.size(), "training sample"), body());
    } else {
      ImageFiles.writeSheet(file, picture());
    }
  }

  /** Whether names are in the sheet of that file: a picture needs a font for them. */
  public static boolean hasNames(Path file) {
    return isPage(file) || Legend.hasWords();
  }

  private Picture picture() {
    int columns = (int) Math.ceil(Math.sqrt(cells.size() / 2.0)); // each is two wide
    int rows = (cells.size() + columns - 1) / columns;
    int width = cells.get(0).photograph().getWidth();
    int height = cells.get(0).photograph().getHeight();
    boolean words = Legend.hasWords();
    int line = words ? LINE : 0;
    BufferedImage legend = Pixels.image(Legend.draw(legend(), words));
    int across = Math.max(columns * 2 * (width + GAP) + GAP, legend.getWidth() + 2 * GAP);
    int down = rows * (height + line + GAP) + 3 * GAP + legend.getHeight();
    BufferedImage sheet = new BufferedImage(across, down, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, across, down);
    for (int i = 0; i < cells.size(); i++) {
      int left = GAP + i % columns * 2 * (width + GAP);
      int top = GAP + i / columns * (height + line + GAP);
      graphics.drawImage(cells.get(i).photograph(), left, top, null);
      graphics.drawImage(cells.get(i).labelled(), left + width, top, null);
      if (words) {
        name(graphics, cells.get(i).name(), left, top + height, 2 * width);
      }
    }
    graphics.drawImage(legend, GAP, down - GAP - legend.getHeight(), null);
    graphics.dispose();
    return Pixels.picture(sheet);
  }

  /** The end of a name, which tells files apart, as far as there is room. */
  private static void name(Graphics2D graphics, String name, int left, int top, int room) {
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, LINE - 4));
    String shown = name;
    while (shown.length() > 1 && graphics.getFontMetrics().stringWidth(shown) > room) {
      shown = "\u2026" + shown.substring(shown.startsWith("\u2026") ? 2 : 1);
    }
    graphics.drawString(shown, left, top + LINE - 4);
  }

  private List<Legend.Entry> legend() {
    List<Legend.Entry> entries = new ArrayList<>(Page.entries(classes, palette));
    entries.add(new Legend.Entry(Padded.COLOUR, Padded.NAME));
    return entries;
  }

  private String body() {
    StringBuilder body = new StringBuilder(Page.legend(legend()));
    body.append("<div class=\"samples\">");
    for (Cell cell : cells) {
      String name = Page.escaped(cell.name());
      body.append(
          "<figure><img src=\"%s\" alt=\"%s\"><img src=\"%s\" alt=\"labels\"><figcaption>%s</figcaption></figure>%n"
              .formatted(
                  Thumbnail.address(cell.photograph()),
                  name,
                  Thumbnail.address(cell.labelled()),
                  name));
    }
    return body.append("</div>").toString();
  }
}
