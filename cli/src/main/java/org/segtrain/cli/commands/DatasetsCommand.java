package org.segtrain.cli.commands;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.internal.Json;
import org.segtrain.data.ClassTable;
import org.segtrain.data.DatasetSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain datasets}: the kinds of data set, and where to get them. */
@Command(name = "datasets", description = "Lists the kinds of data set, or shows one.")
public final class DatasetsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      completionCandidates = NameLists.Datasets.class,
      description = "Shows this one (none: lists all).")
  private String name;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Usage usage = new Usage(spec);
    DatasetVariant shown = usage.of(() -> name == null ? null : DatasetVariant.of(name));
    List<DatasetVariant> all = List.of(DatasetVariant.values());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(
          shown == null
              ? Json.page(all.stream().map(DatasetsCommand::description).toList())
              : Json.page(description(shown)));
    } else {
      out.print(shown == null ? list(all).text() : text(shown));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static Table list(List<DatasetVariant> datasets) {
    Table table = new Table("name", "classes", "crop", "where", "terms");
    for (DatasetVariant dataset : datasets) {
      table.add(
          dataset.toString(),
          dataset.classes().map(classes -> "" + classes.size()).orElse("your own"),
          dataset.texts().get("data.crop"),
          dataset.source().map(DatasetSource::page).orElse("-"),
          dataset.source().map(DatasetSource::terms).orElse("-"));
    }
    return table;
  }

  private static String text(DatasetVariant dataset) {
    Table facts = new Table("data set", dataset.toString());
    dataset
        .source()
        .ifPresent(
            source -> {
              facts.add("title", source.title());
              facts.add("folder", String.join(", ", source.roots()));
              facts.add("page", source.page());
              facts.add("get", source.archives());
              facts.add("terms", source.terms());
            });
    dataset.texts().forEach(facts::add);
    return facts.text() + dataset.table().map(DatasetsCommand::classes).orElse("");
  }

  private static String classes(ClassTable table) {
    Table rows = new Table("label", "class", "colour", "value in masks");
    for (Map<String, Object> one : described(table)) {
      rows.add(
          one.get("label").toString(),
          one.get("name").toString(),
          one.getOrDefault("colour", "-").toString(),
          one.getOrDefault("value", "-").toString());
    }
    return System.lineSeparator() + rows.text();
  }

  private static Map<String, Object> description(DatasetVariant dataset) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("name", dataset.toString());
    dataset.source().ifPresent(source -> description.put("source", source));
    description.put("values", dataset.stated());
    description.put("classes", dataset.table().map(DatasetsCommand::described).orElse(List.of()));
    return description;
  }

  /** Label, name, and the colour in pictures if the data set has one. */
  private static List<Map<String, Object>> described(ClassTable table) {
    List<Map<String, Object>> classes = new ArrayList<>();
    for (int k = 0; k < table.names().size(); k++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("label", k);
      one.put("name", table.names().get(k));
      if (!table.colours().isEmpty()) {
        one.put("colour", "#%06x".formatted(table.colours().get(k)));
      }
      if (!table.values().isEmpty()) {
        one.put("value", table.values().get(k));
      }
      classes.add(one);
    }
    return classes;
  }
}
