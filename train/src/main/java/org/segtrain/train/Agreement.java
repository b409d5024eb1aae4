package org.segtrain.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segtrain.collectives.Group;
import org.segtrain.config.Configuration;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.files.CheckSum;

/** Whether all processes of a training have the same configuration and data. */
final class Agreement {

  /** Values that may differ: paths, and what the first process alone does. */
  private static final Set<String> FREE =
      Set.of("data.path", "data.parts", "weights.file", "run.threads", "run.saveMinutes");

  private Agreement() {}

  /**
   * Compares them.
   *
   * @throws DataException naming the first value that differs, in every process
   */
  static void check(Group group, TrainConfig config, Dataset dataset) {
    if (group.size() == 1) {
      return;
    }
    Map<String, String> own = new LinkedHashMap<>();
    own.put("training images", listing(dataset, Split.TRAINING));
    own.put("validation images", listing(dataset, Split.VALIDATION));
    own.put("classes", String.join(", ", dataset.classes()));
    own.putAll(Configuration.texts(config));
    own.keySet().removeAll(FREE);
    List<String> names = List.copyOf(own.keySet());
    List<List<String>> all =
        group.gather(Json.line(own.values())).stream().map(Agreement::values).toList();
    for (int rank = 1; rank < all.size(); rank++) {
      for (int i = 0; i < names.size(); i++) {
        String first = all.get(0).get(i);
        String other = all.get(rank).get(i);
        if (!other.equals(first)) {
          throw new DataException(
              "rank 0 on %s and rank %d on %s differ in %s: %s and %s; give all processes the same"
                  .formatted(
                      group.hosts().get(0),
                      rank,
                      group.hosts().get(rank),
                      names.get(i),
                      first,
                      other));
        }
      }
    }
  }

  private static List<String> values(String json) {
    try {
      return Json.strings(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // it was just written
    }
  }

  /** "367 names of SHA-256 0a1b2c3d4e5f". */
  private static String listing(Dataset dataset, Split split) {
    String names =
        IntStream.range(0, dataset.size(split))
            .mapToObj(i -> String.valueOf(Path.of(dataset.file(split, i)).getFileName()))
            .collect(Collectors.joining("\n"));
    String sum = CheckSum.sha256(names.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
    return "%s of SHA-256 %s".formatted(Counted.of(dataset.size(split), "name"), sum);
  }
}
