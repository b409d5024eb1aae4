package org.segtrain.cli;

import java.util.List;
import java.util.Set;
import org.segtrain.cli.commands.BenchmarkCommand;
import org.segtrain.cli.commands.ConfigCommand;
import org.segtrain.cli.commands.DataCommand;
import org.segtrain.cli.commands.DatasetsCommand;
import org.segtrain.cli.commands.DoctorCommand;
import org.segtrain.cli.commands.EvalCommand;
import org.segtrain.cli.commands.ExportCommand;
import org.segtrain.cli.commands.ModelsCommand;
import org.segtrain.cli.commands.ParityCommand;
import org.segtrain.cli.commands.PredictCommand;
import org.segtrain.cli.commands.RecipesCommand;
import org.segtrain.cli.commands.ReportCommand;
import org.segtrain.cli.commands.TrainCommand;
import org.segtrain.cli.commands.WeightsCommand;
import picocli.AutoComplete.GenerateCompletion;

/**
 * The commands behind {@code segtrain}, and which of them some arguments need. picocli reads the
 * options of a command by reflection, so all together cost more time than most of them run.
 */
final class Commands {

  private static final String COMPLETION = "generate-completion";

  /** In the order of the help. */
  static final List<String> NAMES =
      List.of(
          "train",
          "eval",
          "predict",
          "export",
          "report",
          "models",
          "recipes",
          "config",
          "datasets",
          "data",
          "weights",
          "benchmark",
          "parity",
          "doctor",
          COMPLETION);

  private static final Set<String> HELP = Set.of("-h", "--help");
  private static final Set<String> VERSION = Set.of("-V", "--version");

  private Commands() {}

  /** The command of that name. */
  static Object create(String name) {
    return switch (name) {
      case "train" -> new TrainCommand();
      case "eval" -> new EvalCommand();
      case "predict" -> new PredictCommand();
      case "export" -> new ExportCommand();
      case "report" -> new ReportCommand();
      case "models" -> new ModelsCommand();
      case "recipes" -> new RecipesCommand();
      case "config" -> new ConfigCommand();
      case "datasets" -> new DatasetsCommand();
      case "data" -> new DataCommand();
      case "weights" -> new WeightsCommand();
      case "benchmark" -> new BenchmarkCommand();
      case "parity" -> new ParityCommand();
      case "doctor" -> new DoctorCommand();
      case COMPLETION -> new GenerateCompletion();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The names of those that the arguments may call, or show in a help. */
  static List<String> needed(String... arguments) {
    List<String> given = List.of(arguments);
    if (showsAll(given)) {
      return NAMES;
    }
    return isCommand(given.get(0))
        ? given.subList(0, 1)
        : NAMES.stream().filter(given::contains).toList();
  }

  /** Whether the arguments may hold options of a training that stand before any command. */
  static boolean needsTraining(String... arguments) {
    List<String> given = List.of(arguments);
    return showsAll(given) || !(isCommand(given.get(0)) || VERSION.containsAll(given));
  }

  /** Whether the arguments ask for what shows all commands, or are in a file and not known yet. */
  private static boolean showsAll(List<String> given) {
    if (given.isEmpty() || given.get(0).equals(COMPLETION)) {
      return true;
    }
    return !isCommand(given.get(0))
        && given.stream().anyMatch(word -> HELP.contains(word) || word.startsWith("@"));
  }

  private static boolean isCommand(String word) {
    return NAMES.contains(word);
  }
}
