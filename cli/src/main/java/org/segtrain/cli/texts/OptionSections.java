package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command under the headings of the mixins that they come from. Picocli's groups
 * have headings too, but an option that is given twice makes a new group and so loses the others.
 */
public final class OptionSections {

  private OptionSections() {}

  public static String render(Help help) {
    List<OptionSpec> own = new ArrayList<>(help.commandSpec().options());
    StringBuilder sections = new StringBuilder();
    leaves(help.commandSpec())
        .filter(mixin -> !mixin.usageMessage().optionListHeading().isEmpty())
        .forEach(
            mixin -> {
              own.removeAll(mixin.options());
              sections.append(help.createHeading(mixin.usageMessage().optionListHeading()));
              sections.append(list(help, mixin.options()));
            });
    own.sort(Comparator.comparing(option -> option.usageHelp() || option.versionHelp())); // last
    return System.lineSeparator() + list(help, own) + sections;
  }

  /** The mixins that hold options themselves. */
  private static Stream<CommandSpec> leaves(CommandSpec spec) {
    return spec.mixins().values().stream()
        .flatMap(mixin -> mixin.mixins().isEmpty() ? Stream.of(mixin) : leaves(mixin));
  }

  private static String list(Help help, List<OptionSpec> options) {
    Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.parameterLabelRenderer());
    return layout.toString();
  }
}
