package org.segtrain.cli.texts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.segtrain.errors.Counted;
import org.segtrain.measure.internal.ModelExplanation;
import org.segtrain.measure.internal.ModelExplanation.Part;

/** A model taken apart, for people. */
public record ModelText(Explained model) {

  private static final int FIRST_STRIDE = 4;

  /**
   * The facts about a model.
   *
   * @param head null for the bare backbone
   * @param classes null likewise
   * @param size of the image, pixels
   * @param source paper
   * @param parts and maps
   * @param memory of one pass; empty if it was not asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Explained(
      String backbone,
      String head,
      Integer classes,
      String size,
      String source,
      @JsonUnwrapped ModelExplanation parts,
      List<Peak> memory) {}

  /**
   * The most memory that a process had resident, with the engine itself.
   *
   * @param mode {@code inference} or {@code training}
   * @param images of the pass
   * @param bytes 0 where the system does not say
   * @param how it is known, {@code measured}
   */
  public record Peak(String mode, int images, String precision, long bytes, String how) {}

  /** The lines above the tables. */
  public String head() {
    String name =
        model.head() == null
            ? model.backbone()
            : "%s with %s, %s"
                .formatted(model.backbone(), model.head(), Counted.of(model.classes(), "class"));
    return "%s, an image of %s pixels%n%s%n"
        .formatted(name, Numbers.pixels(model.size()), model.source());
  }

  /** Parts, maps, and memory where it was measured. */
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(List.of(parts(), maps()));
    if (!model.memory().isEmpty()) {
      tables.add(memory());
    }
    return tables;
  }

  private Table parts() {
    Table table = new Table("part", "parameters", "GMACs", "names in the checkpoint");
    for (Part part : model.parts().parts()) {
      table.add(
          part.name(),
          count(part.parameters()),
          part.multiplyAdds() == 0 ? "-" : billions(part.multiplyAdds()),
          String.join(", ", part.keys()));
    }
    table.add("all", count(model.parts().parameters()), billions(model.parts().multiplyAdds()), "");
    return table;
  }

  private Table maps() {
    Table table = new Table("map of the backbone", "stride", "batch x channels x height x width");
    int number = 1;
    for (List<Long> map : model.parts().maps()) {
      table.add(
          "c" + (number + 1),
          String.valueOf(FIRST_STRIDE << (number - 1)),
          map.stream().map(String::valueOf).collect(Collectors.joining(" x ")));
      number++;
    }
    return table;
  }

  private Table memory() {
    Table table = new Table("memory", "images", "precision", "MB, " + model.memory().get(0).how());
    for (Peak peak : model.memory()) {
      table.add(
          peak.mode(),
          String.valueOf(peak.images()),
          peak.precision(),
          peak.bytes() == 0 ? "unknown" : String.valueOf(peak.bytes() >> 20));
    }
    return table;
  }

  private static String count(long parameters) {
    return String.format(Locale.ROOT, "%,d", parameters);
  }

  private static String billions(long count) {
    return String.format(Locale.ROOT, "%.2f", count / 1e9);
  }
}
