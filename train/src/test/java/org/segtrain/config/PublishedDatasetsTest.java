package org.segtrain.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.internal.Json;
import org.segtrain.data.ClassTable;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Dataset;
import org.segtrain.data.Palette;
import org.segtrain.data.PublishedFixture;
import org.segtrain.data.Refusals;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.heads.HeadVariant;
import org.segtrain.recipes.Settings;
import org.segtrain.train.TinyRuns;
import org.segtrain.train.Training;

/** The rows of published data sets, on files laid out as theirs. */
final class PublishedDatasetsTest {

  @TempDir Path dir;

  /** Labels of the stripes of the fixture's masks, from the left. */
  @ParameterizedTest
  @CsvSource({
    "ade20k, 2, 2, 150, 255 0 6 149",
    "cityscapes, 2, 1, 19, 255 255 0 2 13 18",
    "voc2012, 2, 1, 21, 0 15 20 255",
    "pascal_context_59, 2, 1, 59, 255 0 22 58",
    "pascal_context_60, 2, 1, 60, 0 1 23 59",
    "coco_stuff_164k, 2, 1, 171, 0 79 80 170 255",
    "coco_stuff_10k, 2, 1, 171, 255 0 80 170",
    "loveda, 2, 2, 7, 255 0 1 6"
  })
  void theOfficialLayoutIsRead(
      String name, int training, int validation, int classes, String labels) throws IOException {
    PublishedFixture.of(name, dir);
    Dataset dataset = DatasetVariant.of(name).open(dir.toString());
    assertEquals(name, dataset.name());
    assertEquals(training, dataset.size(Split.TRAINING));
    assertEquals(validation, dataset.size(Split.VALIDATION));
    assertEquals(classes, dataset.classes().size());
    for (Split split : List.of(Split.TRAINING, Split.VALIDATION)) {
      for (int i = 0; i < dataset.size(split); i++) {
        int count = labels.split(" ", -1).length;
        assertEquals(labels, stripes(dataset.read(split, i), count), dataset.file(split, i));
      }
    }
  }

  /** The label in the middle of each of the mask's stripes. */
  private static String stripes(Sample sample, int count) {
    return IntStream.range(0, count)
        .map(stripe -> (2 * stripe + 1) * sample.width() / (2 * count))
        .mapToObj(x -> String.valueOf(sample.labels()[x] & 0xFF))
        .collect(Collectors.joining(" "));
  }

  @Test
  void cityscapesHasATestSplitAndItsCitiesInTheNames() throws IOException {
    PublishedFixture.of("cityscapes", dir);
    Dataset dataset = DatasetVariant.CITYSCAPES.open(dir.toString());
    assertEquals(1, dataset.size(Split.TEST));
    assertEquals("aachen/aachen_000000_000019", dataset.read(Split.TRAINING, 0).name());
  }

  @ParameterizedTest
  @MethodSource("published")
  void theFolderInsideIsFoundAndAnotherIsRefused(DatasetVariant dataset) throws IOException {
    Path other = dir.resolve("other");
    PublishedFixture.of(dataset.toString(), dir.resolve("data"));
    for (String root : dataset.source().orElseThrow().roots()) {
      Path inner = dir.resolve("data").resolve(root);
      if (inner.toFile().isDirectory()) {
        assertTrue(dataset.open(inner.toString()).size(Split.TRAINING) > 0);
      }
    }
    Refusals.assertRefused(
        () -> dataset.open(other.toString()),
        dataset.source().orElseThrow().title() + " was looked for in " + other,
        dataset.source().orElseThrow().page());
  }

  @ParameterizedTest
  @MethodSource("published")
  void namesAreCleanAndColoursTellTheClassesApart(DatasetVariant dataset) {
    ClassTable table = dataset.table().orElseThrow();
    assertEquals(table.names().size(), new HashSet<>(table.names()).size());
    assertTrue(table.names().stream().allMatch(name -> name.matches("\\S+( \\S+)*")));
    TrainConfig config = config(dataset);
    Palette palette = DatasetVariant.palette(config, table.names().size());
    TreeSet<Integer> colours = new TreeSet<>();
    for (int k = 0; k < table.names().size(); k++) {
      colours.add(palette.rgb(k));
    }
    colours.add(palette.rgb(Sample.VOID));
    assertEquals(table.names().size() + 1, colours.size());
  }

  @ParameterizedTest
  @CsvSource({
    "ade20k, wall, #787878",
    "ade20k, flag, #5c00ff",
    "ade20k, road, #8c8c8c",
    "cityscapes, road, #804080",
    "cityscapes, bicycle, #770b20",
    "voc2012, background, #000000",
    "voc2012, person, #c08080",
    "loveda, agricultural, #ffc380"
  })
  void coloursAreTheBenchmarks(String name, String label, String colour) {
    DatasetVariant dataset = DatasetVariant.of(name);
    int k = dataset.classes().orElseThrow().indexOf(label);
    Palette palette =
        DatasetVariant.palette(config(dataset), dataset.classes().orElseThrow().size());
    assertEquals(colour, palette.hex(k));
  }

  @ParameterizedTest
  @MethodSource("published")
  void whatIsDeclaredIsInTheConfigurationOfARun(DatasetVariant dataset) throws IOException {
    TrainConfig config = config(dataset);
    DataFiles files = config.files();
    assertFalse(files.images().isEmpty());
    assertEquals(config, ConfigFile.whole(Json.line(config)));
  }

  /** Version 0.1 had no section of files, and read ADE20K's masks from 1. */
  @Test
  void aConfigurationWithoutFilesHasThoseOfItsDataSet() throws IOException {
    for (DatasetVariant dataset : DatasetVariant.values()) {
      TrainConfig config = config(dataset);
      String json = Json.line(config).replaceFirst("\"files\":.*?\"evaluation\"", "\"evaluation\"");
      assertFalse(json.contains("splitValidation"), json);
      assertEquals(config, ConfigFile.whole(json));
    }
  }

  @ParameterizedTest
  @Tag("slow")
  @MethodSource("published")
  void trains(DatasetVariant dataset) throws IOException {
    PublishedFixture.of(dataset.toString(), dir.resolve("data"));
    TrainConfig config =
        Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, dataset)
            .with("data.path", dir.resolve("data").toString())
            .with("data.crop", 32)
            .with("evaluation.size", "64x32")
            .with("schedule.batch", 2)
            .with("schedule.iterations", 2)
            .with("run.precision", "fp32")
            .with("run.threads", 1)
            .config();
    Training.Summary summary =
        Training.builder()
            .setConfig(config)
            .setDataset(DatasetVariant.open(config))
            .setFolder(dir.resolve("run"))
            .optResources(TinyRuns.oneThread(1))
            .build()
            .run();
    assertEquals(2, summary.step());
    assertTrue(summary.best() >= 0, summary::toString);
  }

  private static TrainConfig config(DatasetVariant dataset) {
    return Settings.of(BackboneVariant.PVT_TINY, HeadVariant.FPN, dataset).config();
  }

  private static Stream<DatasetVariant> published() {
    return Arrays.stream(DatasetVariant.values()).filter(row -> row.source().isPresent());
  }
}
