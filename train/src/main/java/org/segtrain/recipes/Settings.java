package org.segtrain.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Configuration;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Defaults;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.names.Choice;

/**
 * A request, from which a whole configuration follows. Its layers, the lowest first: built-in
 * values, the machine, the papers of the model, the data set, the recipe, and given values (a file,
 * then options). It does not search the disk: the command alone finds ADE20K where {@code
 * data.path} is not given.
 *
 * @param recipe a published training, if one is asked for
 * @param given the lowest first
 */
public record Settings(Optional<Recipe> recipe, List<Overlay> given) {

  private static final String BACKBONE = "model.backbone";
  private static final String HEAD = "model.head";
  private static final String DATASET = "data.dataset";
  private static final String BATCH = "schedule.batch";
  private static final String PROCESSES = "schedule.processes";

  public Settings {
    given = List.copyOf(given);
  }

  /** Nothing is asked for yet. */
  public static Settings none() {
    return new Settings(Optional.empty(), List.of());
  }

  /** A published training. */
  public static Settings of(Recipe recipe) {
    return new Settings(Optional.of(recipe), List.of());
  }

  /** A model of known parts on a kind of data set. */
  public static Settings of(BackboneVariant backbone, HeadVariant head, DatasetVariant dataset) {
    return none()
        .with(BACKBONE, backbone.toString())
        .with(HEAD, head.toString())
        .with(DATASET, dataset.toString());
  }

  /**
   * A model that a program brings, on data that it brings or opens.
   *
   * @param name of the model in logs and checkpoints
   * @param like the kind of data set whose numbers hold where no others are given
   */
  public static Settings ofOwnModel(String name, DatasetVariant like) {
    return none().with(BACKBONE, name).with(HEAD, "").with(DATASET, like.toString());
  }

  /**
   * The same with a value of its own.
   *
   * @param key such as {@code schedule.iterations}; {@code segtrain config} lists them
   * @throws UsageException if there is no such key, or it cannot have the value
   */
  public Settings with(String key, Object value) {
    return over(Overlay.of("program").with(key, value));
  }

  /** The same with {@code overlay} above what was given before. */
  public Settings over(Overlay overlay) {
    List<Overlay> more = new ArrayList<>(given);
    more.add(overlay);
    return new Settings(recipe, more);
  }

  /** The whole configuration. */
  public TrainConfig config() {
    return resolve().config();
  }

  /**
   * The whole configuration, with the origin of each value.
   *
   * @throws UsageException if a value is refused or the backbone is missing
   */
  public Configuration resolve() {
    List<Overlay> said = new ArrayList<>();
    recipe.map(this::values).ifPresent(said::add);
    said.addAll(given);
    Overlay asked = said.stream().reduce(Defaults.BUILT_IN, Overlay::with);
    List<Overlay> layers = new ArrayList<>();
    layers.add(Defaults.BUILT_IN);
    layers.add(Defaults.ofMachine());
    papers(asked).ifPresent(layers::add);
    layers.add(dataset(asked).defaults());
    layers.addAll(said);
    return Configuration.of(layers);
  }

  private Overlay values(Recipe asked) {
    int batch = text(BATCH).map(Integer::parseInt).orElseGet(() -> asked.protocol().deviceImages());
    int processes = text(PROCESSES).map(Integer::parseInt).orElse(1);
    return asked.values(batch, processes);
  }

  private static DatasetVariant dataset(Overlay asked) {
    String name = asked.text(DATASET).orElse(DatasetVariant.SHAPES.toString());
    boolean known = Choice.names(DatasetVariant.values()).contains(name);
    boolean own = asked.text(HEAD).orElseThrow().isEmpty(); // a program's model and its data
    return !known && own ? DatasetVariant.FOLDER : DatasetVariant.of(name);
  }

  /** The published numbers of the model's parts; none of a model that a program brings. */
  private static Optional<Overlay> papers(Overlay asked) {
    String backbone =
        asked
            .text(BACKBONE)
            .orElseThrow(
                () ->
                    new UsageException(
                        "model.backbone is missing; give it, or begin with Settings.of(recipe)"));
    String head = asked.text(HEAD).orElseThrow();
    return head.isEmpty()
        ? Optional.empty()
        : Optional.of(Defaults.of(BackboneVariant.of(backbone), HeadVariant.of(head)));
  }

  /** The given value of that key. */
  private Optional<String> text(String key) {
    return given.stream()
        .map(overlay -> overlay.text(key))
        .flatMap(Optional::stream)
        .reduce((lower, higher) -> higher);
  }
}
