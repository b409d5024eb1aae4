package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.config.DatasetVariant;

/** The commands that know data sets by name. */
class DatasetsCommandTest {

  @Test
  void eachDataSetHasALine() {
    Outcome outcome = Outcome.of("datasets");
    assertEquals(0, outcome.code());
    List<String> names =
        outcome.out().lines().skip(1).map(line -> line.replaceFirst(" .*", "")).toList();
    assertEquals(List.of(DatasetVariant.values()).stream().map(Object::toString).toList(), names);
    assertTrue(outcome.out().contains("cityscapes         19        512x1024"), outcome.out());
  }

  @ParameterizedTest
  @EnumSource(DatasetVariant.class)
  void oneIsShownWithItsClasses(DatasetVariant dataset) throws IOException {
    String name = dataset.toString();
    String text = Outcome.of("datasets", name).out();
    JsonNode json = new ObjectMapper().readTree(Outcome.of("datasets", name, "--json").out());
    assertEquals(name, json.path("name").asText());
    assertEquals(dataset.classes().map(List::size).orElse(0), json.path("classes").size());
    dataset.classes().ifPresent(classes -> classes.forEach(one -> assertTrue(text.contains(one))));
    assertEquals(dataset.source().isPresent(), text.contains("terms"));
    assertTrue(json.path("values").path("files.voids").isArray());
  }

  @Test
  void allOfThemAreJson() throws IOException {
    JsonNode all = new ObjectMapper().readTree(Outcome.of("datasets", "--json").out());
    assertEquals(DatasetVariant.values().length, all.size());
  }

  @Test
  void theDocumentHasThemAll() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "data.md"));
    for (DatasetVariant dataset : DatasetVariant.values()) {
      assertTrue(document.contains("| `%s` |".formatted(dataset)), dataset::toString);
    }
  }

  @Test
  void anUnknownOneIsWrongUsage() {
    Outcome outcome = Outcome.of("datasets", "cityscape");
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains("did you mean cityscapes?"), outcome.sentence());
    Outcome fetch = Outcome.of("data", "fetch", "cityscapes");
    assertEquals(2, fetch.code());
    assertTrue(fetch.sentence().contains("known: ade20k"), fetch.sentence());
    Outcome address = Outcome.of("data", "fetch", "ade20k", "--from", "ftp://x");
    assertEquals(2, address.code());
  }

  @Test
  void whatIsThereIsNotFetched(@TempDir Path dir) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("ADEChallengeData2016"));
    Outcome outcome = Outcome.of("data", "fetch", "ade20k", "--out", dir.toString());
    assertEquals(0, outcome.code());
    assertEquals(folder.toString(), outcome.out().strip());
  }

  @Test
  void dataSetsThatOnlyAUserHasSayHowToGetThem() {
    Outcome outcome = Outcome.of("--backbone", "pvt_tiny", "--dataset", "voc2012");
    assertEquals(2, outcome.code());
    assertTrue(outcome.sentence().contains("segtrain datasets voc2012"), outcome.sentence());
  }
}
