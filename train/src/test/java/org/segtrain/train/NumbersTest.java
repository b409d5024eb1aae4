package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.augment.ImageSize;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.DataPart;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.ParameterGroups.Rule;

/**
 * Every number of every record of a configuration: what no run can be made of is refused by one
 * sentence with its key, the value and what it must be, and a run of two steps is made of the rest.
 */
final class NumbersTest {

  private static final List<String> VALUES =
      List.of(
          "\"NaN\"",
          "\"Infinity\"",
          "\"-Infinity\"",
          "null",
          "4.7",
          "-1",
          "0",
          "1",
          "100",
          "999.5",
          "2147483647",
          "9223372036854775807",
          "1e30",
          "1.7976931348623157E308",
          "4.9E-324",
          "1e-9",
          "\"x\"",
          "\"\"",
          "true",
          "[]",
          "[1]",
          "{}");

  private static final Set<Class<?>> NUMBERS =
      Set.of(
          int.class,
          long.class,
          float.class,
          double.class,
          Integer.class,
          Long.class,
          Double.class,
          ImageSize.class);

  /** What stands in lists that are empty. */
  private static final Map<Class<?>, Object> EXAMPLES =
      Map.of(DataPart.class, new DataPart("b", 1), Rule.class, new Rule("head", 1.0, 1.0));

  /** What a number must be, as records say it. */
  private static final Pattern RANGE =
      Pattern.compile("must be |must have |at most |from 0 to 65535");

  /** Of these the smallest backbone is trained, of the others a convolution. */
  private static final Pattern OF_A_BACKBONE = Pattern.compile("model\\..*|fineTuning.layerDecay");

  /** Of a configuration without changes of colours, which exclude one another. */
  private static final JsonNode TREE = Json.tree(TinyRuns.CONFIG.with("data.photometric", false));

  @TempDir private Path folder;

  /** A number, and the place in the tree of a configuration where it is. */
  private record Place(String key, String pointer, boolean listed) {}

  /** A configuration with another number, and the sentence that refuses it. */
  private record Tried(String what, Optional<TrainConfig> config, String refusal) {}

  @Test
  void whatIsRefusedIsToldWithItsKeyAndItsRange() {
    List<String> wrong = new ArrayList<>();
    Set<String> keys = new TreeSet<>();
    for (Place place : places()) {
      keys.add(place.key());
      for (String value : values(place)) {
        Tried tried = tried(place, value);
        if (tried.config().isEmpty() && !isWhole(tried.refusal(), place, value)) {
          wrong.add(tried.what() + " -> " + tried.refusal());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(keys.size() > 40, keys.toString());
    assertTrue(
        keys.containsAll(Set.of("data.crop", "data.parts.weight", "run.seed")), () -> "" + keys);
  }

  @Tag("slow")
  @Test
  void ofEveryNumberThatIsTakenTwoStepsAreMade() {
    List<String> wrong = new ArrayList<>();
    int runs = 0;
    for (Place place : places()) {
      if (!isOfBackbone(place)) {
        for (String value : extremes(place)) {
          TrainConfig config = tried(place, value).config().orElseThrow();
          twoSteps(config, folder.resolve("run-" + runs++), false)
              .ifPresent(why -> wrong.add("%s = %s -> %s".formatted(place.key(), value, why)));
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(runs > 80, "runs: " + runs);
  }

  /** All at once, since the checkpoints of a backbone take their time. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void likewiseOfTheLeastAndTheGreatestOfABackbone(int which) throws JsonProcessingException {
    JsonNode tree = TREE;
    for (Place place : places()) {
      if (isOfBackbone(place)) {
        tree = with(tree, place, extremes(place).get(which));
      }
    }
    assertNotEquals(TREE, tree);
    TrainConfig config = ConfigFile.whole(tree.toString());
    assertEquals(Optional.empty(), twoSteps(config, folder, true));
  }

  private static boolean isOfBackbone(Place place) {
    return OF_A_BACKBONE.matcher(place.key()).matches();
  }

  /** The least and the greatest value that are taken. */
  private static List<String> extremes(Place place) {
    List<String> taken =
        values(place).stream()
            .filter(value -> tried(place, value).config().isPresent())
            .sorted(Comparator.comparingDouble(NumbersTest::number))
            .toList();
    return taken.isEmpty() ? taken : List.of(taken.get(0), taken.get(taken.size() - 1));
  }

  /** 0 for what is no number and still taken, as an empty list is. */
  private static double number(String value) {
    String bare = value.replaceAll("[\\[\\]\"]", "");
    return bare.matches("-?(\\d.*|Infinity)") ? Double.parseDouble(bare) : 0;
  }

  /** What goes wrong in two steps with {@code config}, if anything does. */
  private static Optional<String> twoSteps(TrainConfig config, Path dir, boolean ofBackbone) {
    Training[] self = new Training[1];
    List<Double> losses = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void step(StepReport step) {
            losses.add(step.loss());
            if (step.step() == 2) {
              self[0].requestStop();
            }
          }
        };
    TrainingBuilder parts =
        Training.builder()
            .setConfig(config.with("schedule.processes", 1)) // the group says how many there are
            .setDataset(TinyData.STANDARD)
            .optResources(TinyRuns.oneThread(1))
            .setFolder(dir)
            .optProgress(progress);
    self[0] = (ofBackbone ? parts : parts.optModel(convolution())).build();
    try {
      Training.Summary summary = self[0].run();
      boolean finite = losses.stream().allMatch(Double::isFinite);
      long steps = Math.min(2, config.schedule().iterations());
      return summary.step() == steps && finite
          ? Optional.empty()
          : Optional.of("%s, losses %s".formatted(summary, losses));
    } catch (RuntimeException e) {
      return Optional.of(e.toString());
    }
  }

  private static Block convolution() {
    return Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(3).build();
  }

  private static List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (RecordComponent section : TrainConfig.class.getRecordComponents()) {
      for (RecordComponent part : section.getType().getRecordComponents()) {
        String key = section.getName() + "." + part.getName();
        collect(places, key, "/" + key.replace('.', '/'), Json.type(part.getGenericType()));
      }
    }
    return places;
  }

  private static void collect(List<Place> places, String key, String pointer, JavaType type) {
    Class<?> raw = type.getRawClass();
    if (type.isCollectionLikeType()) {
      Class<?> element = type.getContentType().getRawClass();
      if (NUMBERS.contains(element)) {
        places.add(new Place(key, pointer, true));
      } else if (element.isRecord()) {
        collect(places, key, pointer + "/0", type.getContentType());
      }
    } else if (NUMBERS.contains(raw)) {
      places.add(new Place(key, pointer, false));
    } else if (raw.isRecord()) {
      for (RecordComponent part : raw.getRecordComponents()) {
        String name = "." + part.getName();
        collect(
            places, key + name, pointer + name.replace('.', '/'), Json.type(part.getGenericType()));
      }
    }
  }

  /** The values, and lists of each where there is a list. */
  private static List<String> values(Place place) {
    List<String> values = new ArrayList<>(VALUES);
    if (place.listed()) {
      VALUES.forEach(value -> values.add("[" + value + "]"));
    }
    return values;
  }

  private static Tried tried(Place place, String value) {
    String what = place.key() + " = " + value;
    try {
      String json = with(TREE, place, value).toString();
      return new Tried(what, Optional.of(ConfigFile.whole(json)), "");
    } catch (UsageException refused) {
      return new Tried(what, Optional.empty(), refused.getMessage());
    } catch (JsonProcessingException | RuntimeException bug) {
      return new Tried(what, Optional.empty(), bug.toString());
    }
  }

  /** A tree with another value at a place, which is made if it is not there. */
  private static JsonNode with(JsonNode before, Place place, String value)
      throws JsonProcessingException {
    JsonNode tree = before.deepCopy();
    String[] steps = place.pointer().substring(1).split("/", -1);
    JsonNode at = tree;
    for (int i = 0; i < steps.length - 1; i++) {
      if (at instanceof ArrayNode list && list.isEmpty()) {
        list.add(Json.tree(example(place)));
      }
      at = at instanceof ArrayNode list ? list.get(0) : at.get(steps[i]);
    }
    ((ObjectNode) at).set(steps[steps.length - 1], Json.parse(value));
    return tree;
  }

  private static Object example(Place place) {
    return EXAMPLES.get(place.key().startsWith("data.parts") ? DataPart.class : Rule.class);
  }

  /** Whether a sentence has the key, or the pattern of a rule, and the value and a range. */
  private static boolean isWhole(String sentence, Place place, String value) {
    String[] names = place.key().split("\\.", -1);
    String key = names[0] + "." + names[1];
    boolean named = sentence.contains(key) || sentence.contains("the factor of head");
    boolean spelled = spellings(value).stream().anyMatch(sentence::contains);
    boolean known = value.equals("[]") && sentence.contains("but has 0");
    return named && (spelled || known) && RANGE.matcher(sentence).find();
  }

  private static Set<String> spellings(String value) {
    Set<String> texts = new TreeSet<>(List.of(value, value.replaceAll("^\\[(.*)]$", "$1")));
    String bare = value.replaceAll("[\\[\\]\"]", "");
    if (!bare.isEmpty()) {
      texts.add(bare);
    }
    if (bare.matches("[-\\d.eE]+")) {
      double number = Double.parseDouble(bare);
      texts.add(String.valueOf(number));
      texts.add(String.valueOf((double) (float) number));
      texts.add(String.valueOf((float) number));
    }
    return texts;
  }
}
