package org.segtrain.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.cli.Outcome;
import org.segtrain.config.TrainConfig;
import picocli.CommandLine;

/** Every option of training has an effect, or is refused, or warned about. */
final class EffectTest {

  /** Those that have one whatever else is given, and those that are asked about the data. */
  private static final Set<String> ALWAYS =
      Set.of(
          ("--recipe --backbone --head --dataset --config --weights --pretrained --one-logit"
                  + " --iterations --batch --accumulate --rare-classes --lr --weight-decay --clip"
                  + " --drop-path --dropout --precision --seed --eval-every --loss --optimizer"
                  + " --schedule --crop --min-scale --max-scale --photometric --images --rotation --blur"
                  + " --erasing --eval-size --divisor --scales --flip --window --freeze --lr-mult"
                  + " --layer-decay --ema --parameters --device --threads --workers --on-error"
                  + " --save-every --keep --best --patience --recompute --tensorboard --out --resume"
                  + " --processes")
              .split(" "));

  /** Those that may be idle, and are warned about: see below. */
  private static final Set<String> WARNED = Set.of("--warmup", "--freeze-statistics");

  /**
   * An option that needs something else.
   *
   * @param idle options with which it has no effect
   * @param acts options with which it has one
   */
  record Row(String option, String idle, String acts) {}

  private static Row row(String option, String value, String idle, String acts) {
    String given = option + value;
    return new Row(option, (idle + " " + given).strip(), (acts + " " + given).strip());
  }

  static List<Row> rows() {
    String folder = "--dataset=folder --data=d";
    String names = folder + " --image-files={name}.jpg --mask-files={name}.png";
    String step = "--schedule=step --milestones=5";
    String sgd = "--optimizer=sgd --lr=0.1";
    String drawn = "--image-files={name}.jpg --mask-files={name}.png";
    return List.of(
        row("--data", "=d", "", "--dataset=folder"),
        row("--max-restarts", "=2", "", "--processes=2"),
        row("--timeout", "=60", "", "--processes=2"),
        row("--sync-bn", "", "", "--processes=2"),
        row("--image-files", "={name}.bmp", drawn, names),
        row("--mask-files", "={name}.gif", drawn, names),
        row("--split-names", "=a,b", "", folder),
        row("--split-lists", "=l/{split}.txt", "", folder),
        row("--split-validation", "=0.2", "", folder),
        row("--first", "=1", "", folder),
        row("--void", "=0", "", folder),
        row("--labels", "=9=void", "", folder),
        row("--mask-colours", "", "", folder),
        row("--offline", "", "", "--pretrained=pvt_tiny_imagenet"),
        row("--weights-part", "=x", "", "--weights=f"),
        row("--power", "=1", "--schedule=cosine", ""),
        row("--class-balance", "=0.5", "--loss=dice+lovasz", "--loss=dice+0.1*ohem"),
        row("--loss-mean", "=all", "--loss=tversky", "--loss=focal"),
        row("--label-smoothing", "=0.1", "--loss=dice", ""),
        row("--auxiliary-loss", "=dice", "", "--head=upernet"),
        row("--momentum", "=0.8", "", sgd),
        row("--nesterov", "", "", sgd),
        row("--min-lr", "=1e-6", "--schedule=constant", ""),
        row("--milestones", "=5", "", "--schedule=step"),
        row("--step-factor", "=0.5", "", step),
        row("--scale", "=512x128", "--images=openseg", ""),
        row("--brightness", "=16", "--photometric", "--no-photometric"),
        row("--contrast", "=0.2", "--photometric", "--no-photometric"),
        row("--saturation", "=0.2", "--photometric", "--no-photometric"),
        row("--hue", "=5", "--photometric", "--no-photometric"),
        row("--blur-sigma", "=1.5", "", "--blur=0.5"),
        row("--erasing-area", "=0.2", "", "--erasing=0.5"),
        row("--average", "=logits", "", "--flip"),
        row("--average", "=logits", "--scales=2", "--scales=1,2"),
        row("--padded", "", "", "--divisor=16"),
        row("--stride", "=32", "", "--window=64"),
        row("--decay-mult", "=head=2", "--weight-decay=0", ""));
  }

  @Test
  void everyOptionOfTrainingIsThere() {
    Set<String> known = new TreeSet<>(ALWAYS);
    known.addAll(WARNED);
    rows().forEach(row -> known.add(row.option()));
    Set<String> all =
        new CommandLine(new TrainOptions())
            .getCommandSpec().options().stream()
                .map(option -> option.longestName())
                .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(all, known);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anOptionWithoutEffectIsRefused(Row row) {
    Outcome idle = config(row.idle());
    assertEquals(2, idle.code(), idle.err());
    String named = row.option().equals("--mask-files") ? "--image-files" : row.option();
    assertTrue(idle.sentence().contains(named), idle.sentence());
    assertTrue(idle.sentence().matches(".*(without|but|has no|needs).*"), idle.sentence());
    Outcome acts = config(row.acts());
    assertEquals(0, acts.code(), acts.err());
  }

  private static Outcome config(String options) {
    Stream<String> model = Stream.of("config", "--backbone", "pvt_tiny");
    return Outcome.of(
        Stream.concat(model, Arrays.stream(options.split(" "))).toArray(Object[]::new));
  }

  @Test
  void whatIsRarelyMeantIsWarnedAbout() {
    assertEquals(List.of(), warnings(true, "--iterations=50", "--warmup=50"));
    List<String> late = warnings(false, "--iterations=50", "--warmup=51");
    assertEquals(1, late.size());
    assertTrue(late.get(0).startsWith("schedule.warmup is 51, but schedule.iterations 50"));
    assertEquals(List.of(), warnings(false, "--freeze-statistics"));
    List<String> frozen = warnings(true, "--freeze-statistics");
    assertEquals(1, frozen.size());
    assertTrue(frozen.get(0).startsWith("fineTuning.freezeStatistics is true, but there are no"));
  }

  private static List<String> warnings(boolean hasNewWeights, String... options) {
    TrainOptions parsed = new TrainOptions();
    String[] model = {"--backbone=pvt_tiny"};
    new CommandLine(parsed)
        .parseArgs(
            Stream.concat(Arrays.stream(model), Arrays.stream(options)).toArray(String[]::new));
    TrainConfig config = parsed.configuration().config();
    return config.warnings(hasNewWeights);
  }
}
