package org.segtrain.cli.texts;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Sentences of the library in the words of the command: it names keys and arguments, a user of the
 * command gives options.
 *
 * @param known options that the command has
 */
public record OptionNames(Set<String> known) {

  /** A key of a configuration, and no part of a path. */
  private static final Pattern KEY =
      Pattern.compile(
          "(?<![\\w./\"-])(?:model|data|augmentation|files|evaluation|schedule|optimizer|loss|run|fineTuning|weights)\\.(\\w+)"
              + "(?![\\w/\"]|\\.\\w)");

  /** The names in the library of choices that are no values of a configuration. */
  private static final Pattern CHOSEN = Pattern.compile("^unknown ([a-z-]+) (?=\")");

  /** Options that do not have the name of what they choose. */
  private static final Map<String, String> CHOOSING = Map.of("release", "--pretrained");

  /** Options that do not have the name of their key. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          Map.entry("optimizer.learningRate", "--lr"),
          Map.entry("data.path", "--data"),
          Map.entry("data.parts", "--data"),
          Map.entry("files.images", "--image-files"),
          Map.entry("files.masks", "--mask-files"),
          Map.entry("files.splits", "--split-names"),
          Map.entry("files.lists", "--split-lists"),
          Map.entry("files.voids", "--void"),
          Map.entry("files.colours", "--mask-colours"),
          Map.entry("evaluation.size", "--eval-size"),
          Map.entry("loss.terms", "--loss"),
          Map.entry("loss.auxiliary", "--auxiliary-loss"),
          Map.entry("loss.mean", "--loss-mean"),
          Map.entry("optimizer.kind", "--optimizer"),
          Map.entry("optimizer.minimumRate", "--min-lr"),
          Map.entry("schedule.decay", "--schedule"),
          Map.entry("run.saveMinutes", "--save-every"),
          Map.entry("run.syncBatchNorm", "--sync-bn"),
          Map.entry("weights.file", "--weights"),
          Map.entry("weights.part", "--weights-part"));

  /** Other advice of the library, in the words of the command. */
  private record Phrase(Pattern words, String option, String instead) {
    Phrase(String words, String option, String instead) {
      this(Pattern.compile("(?<![\\w-])" + words), option, instead);
    }
  }

  private static final List<Phrase> PHRASES =
      List.of(
          new Phrase(
              "turn (?:data\\.|--)photometric off", "--photometric", "give --no-photometric"),
          new Phrase("device (cpu|gpu)\\b", "--device", "--device $1"),
          new Phrase("resume it, or", "--resume", "add --resume to go on with it, or"),
          new Phrase("such as runs/NAME", "--resume", "as in --resume runs/NAME"),
          new Phrase("lower samples to (\\d+)", "--samples", "lower --samples to $1"),
          new Phrase("choose another folder", "--out", "choose another --out"),
          new Phrase("give the folder it is in$", "--data", "$0 with --data"),
          new Phrase("give that of a data set$", "--data", "$0 with --data"),
          new Phrase("or replace it$", "--overwrite", "or replace it with --overwrite"),
          new Phrase("or name the format", "--format", "or give --format"),
          new Phrase("or backbone (\\w+)$", "--backbone", "or --backbone $1"),
          new Phrase(
              "choose its head, or write its backbone alone, by the prefix backbone\\.",
              "--head",
              "choose its head with --head, or save its backbone alone with segtrain weights convert"
                  + " --prefix-strip backbone."),
          new Phrase("with optOneLogit\\(true\\)", "--one-logit", "with --one-logit"),
          new Phrase("with optOneLogit\\(false\\)", "--one-logit", "with --no-one-logit"),
          new Phrase("leave optOneLogit out", "--one-logit", "leave --one-logit out"),
          new Phrase(
              "docs/configuration.md lists the keys",
              "",
              "segtrain config lists the keys of a run"),
          new Phrase("let it grow \\(-Xmx(\\d+)g\\)", "", "let it grow with SEGTRAIN_OPTS=-Xmx$1g"),
          new Phrase("train one from (\\S+) first", "", "train one with --weights $1 first"),
          new Phrase("train a new classifier from it", "", "train a new classifier with --weights"),
          new Phrase("load it as a file of weights", "", "give it with --weights FILE"));

  /** Those of a command. */
  public static OptionNames of(CommandSpec command) {
    return new OptionNames(command.optionsMap().keySet());
  }

  /** The library's words, each of which a test finds in its sources. */
  static List<Pattern> phrases() {
    return PHRASES.stream().map(Phrase::words).toList();
  }

  /** The message of {@code error}, in options where one could be given. */
  String of(Throwable error) {
    boolean isOfFile = error instanceof DataException && error.getCause() instanceof UsageException;
    return isOfFile ? phrased(error.getMessage()) : in(error.getMessage()); // files have keys
  }

  /** The same sentence in options. */
  public String in(String sentence) {
    String named = KEY.matcher(sentence).replaceAll(key -> option(key.group(), key.group(1)));
    return phrased(CHOSEN.matcher(named).replaceFirst(what -> chosen(what.group(1))));
  }

  private String chosen(String what) {
    String option = CHOOSING.getOrDefault(what, "--" + what);
    return "unknown %s ".formatted(known.contains(option) ? option : what);
  }

  private String option(String key, String name) {
    String option = RENAMED.getOrDefault(key, "--" + hyphenated(name));
    return known.contains(option) ? option : key;
  }

  private String phrased(String sentence) {
    String text = sentence;
    for (Phrase phrase : PHRASES) {
      if (phrase.option().isEmpty() || known.contains(phrase.option())) {
        text = phrase.words().matcher(text).replaceAll(phrase.instead());
      }
    }
    return text;
  }

  /** "min-scale" for "minScale". */
  private static String hyphenated(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
