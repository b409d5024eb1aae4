package org.segtrain.spark;

import java.util.regex.Pattern;
import org.segtrain.cli.texts.ShortErrors;
import picocli.CommandLine.Model.CommandSpec;

/** Sentences of segtrain for people who run it on Spark. */
final class Words {

  private static final Pattern HEAP = Pattern.compile("let it grow with SEGTRAIN_OPTS=-Xmx(\\d+)g");

  /** Its options are those that sentences advise; it has all of both commands. */
  private static final CommandSpec COMMAND =
      SegtrainSpark.commandLine().getSubcommands().get("eval").getCommandSpec();

  private Words() {}

  /** The sentence about an error. */
  static String of(Throwable error) {
    return of(ShortErrors.sentence(error, COMMAND));
  }

  /** A sentence of the library in the words of the command. */
  static String of(String sentence) {
    return HEAP.matcher(sentence).replaceAll("let it grow with spark.executor.memory=$1g");
  }
}
