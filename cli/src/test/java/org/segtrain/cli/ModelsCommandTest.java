package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelsCommandTest {

  @Test
  void aModelIsTakenApartInATerminalOfAHundredColumns() {
    String text = text("pvt_tiny --head upernet --classes 19 --size 64x128 --no-memory");
    List<String> lines = text.lines().toList();
    assertEquals("pvt_tiny with upernet, 19 classes, an image of 64 x 128 pixels", lines.get(0));
    for (String part : List.of("stage 1", "stage 4", "decode_head", "auxiliary_head", "all")) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(part + "  ")), text);
    }
    assertTrue(text.contains("1 x 64 x 16 x 32\n"), text);
    assertTrue(text.contains("1 x 512 x 2 x 4\n"), text);
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), text);
  }

  @Test
  void jsonHasTheSameNumbers() throws IOException {
    JsonNode json = json("pvt_tiny --head fpn --classes 3 --size 64 --no-memory --json");
    assertEquals("pvt_tiny", json.get("backbone").asText());
    assertEquals(3, json.get("classes").asInt());
    long sum = 0;
    for (JsonNode part : json.get("parts")) {
      sum += part.get("parameters").asLong();
    }
    assertEquals(sum, json.get("parameters").asLong());
    assertEquals("[1,512,2,2]", json.get("maps").get(3).toString());
    assertEquals(0, json.get("memory").size());
    JsonNode bare = json("pvt_tiny --size 64 --no-memory --json");
    assertFalse(bare.has("head"));
    assertEquals(4, bare.get("parts").size());
  }

  @Test
  void aHeadIsExplainedOnTheMapsOfABackbone() throws IOException {
    JsonNode json = json("upernet --backbone pvt_tiny --size 64 --json");
    assertEquals("decode_head", json.get("parts").get(0).get("name").asText());
    assertEquals("auxiliary_head", json.get("parts").get(1).get("name").asText());
    assertTrue(json.get("source").asText().startsWith("Xiao et al."));
    assertTrue(text("fpn --size 64").startsWith("pvt_small with fpn, 150 classes"));
  }

  @Tag("slow")
  @Test
  void memoryIsMeasured() throws IOException {
    JsonNode memory = json("pvt_tiny --head upernet --size 64 --json").get("memory");
    assertEquals("inference", memory.get(0).get("mode").asText());
    assertEquals("training", memory.get(1).get("mode").asText());
    assertEquals(2, memory.get(1).get("images").asInt(), "UPerNet pools to one pixel");
    assertEquals("measured", memory.get(1).get("how").asText());
    assertTrue(memory.get(0).get("bytes").asLong() > 100 << 20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pvt_smal                     | unknown model "pvt_smal"; did you mean pvt_small? Known: pvt_tiny,
          pvt_tiny --head fnp          | unknown --head "fnp"; did you mean fpn?
          pvt_tiny --classes 3         | --classes would have no effect without --head
          pvt_tiny --backbone pvt_tiny | pvt_tiny is a backbone; leave --backbone out, or name a head
          fpn --head fpn               | fpn is a head; leave --head out, or name a backbone
          fpn --classes 0              | --classes must be at least 1, but is 0
          pvt_tiny --size 16           | --size must be at least 32 x 32 pixels, but is 16
          --head fpn                   | are for one model; name it
          """)
  void whatIsWrongIsSaid(String options, String sentence) {
    Outcome outcome = Outcome.of((Object[]) ("models " + options).split(" "));
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.sentence().contains(sentence), outcome.sentence());
  }

  private static String text(String options) {
    Outcome outcome = Outcome.of((Object[]) ("models " + options).split(" "));
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out();
  }

  private static JsonNode json(String options) throws IOException {
    return new ObjectMapper().readTree(text(options));
  }
}
