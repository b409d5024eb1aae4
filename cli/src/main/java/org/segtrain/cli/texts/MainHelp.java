package org.segtrain.cli.texts;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The options of a training that most people need, for a help of one screen. */
public final class MainHelp {

  /** An option, and what it does in a few words. */
  record Brief(String option, String label, String text) {}

  static final List<Brief> OPTIONS =
      List.of(
          new Brief("--recipe", "NAME", "A published training; segtrain recipes lists them."),
          new Brief(
              "--backbone", "NAME", "Backbone, such as pvt_small; segtrain models lists them."),
          new Brief("--head", "NAME", "Head: fpn, upernet, segformer, ocr, fcn (fpn)."),
          new Brief("--dataset", "NAME", "Kind of data; segtrain datasets lists them (shapes)."),
          new Brief("--data", "DIR", "Folder of the data."),
          new Brief(
              "--pretrained", "NAME", "Published weights to start from; segtrain weights list."),
          new Brief("--iterations", "N", "Optimiser steps."),
          new Brief("--batch", "N", "Images of a forward pass."),
          new Brief("--lr", "RATE", "Highest learning rate."),
          new Brief("--crop", "PIXELS", "Size of the training crops."),
          new Brief("--out", "DIR", "Folder of the run."),
          new Brief("--resume", "DIR", "Resume the run in DIR from its last checkpoint."));

  private static final int INDENT = 2;
  private static final int NAMES = 22; // columns

  private MainHelp() {}

  /** Their list, under its heading. */
  public static String options(Help help) {
    int width = help.commandSpec().usageMessage().width();
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(NAMES, INDENT, Overflow.SPAN),
            new Column(width - NAMES, 0, Overflow.WRAP));
    for (Brief brief : OPTIONS) {
      Text name = help.colorScheme().optionText(brief.option());
      table.addRowValues(
          name.concat(" ").concat(help.colorScheme().optionParamText(brief.label())),
          help.colorScheme().text(brief.text()));
    }
    return help.createHeading("%nOptions of a training; segtrain train --help has them all:%n")
        + table;
  }
}
