package org.segtrain.cli.texts;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;

/** Commands as people type them, at the end of a help. */
public final class Examples {

  private static final Map<String, List<String>> OF_COMMANDS =
      Map.ofEntries(
          Map.entry(
              "segtrain",
              List.of(
                  "segtrain --backbone pvt_small --dataset shapes",
                  "segtrain --backbone pvt_small --dataset folder --data my/images --out runs/mine",
                  "segtrain eval runs/mine",
                  "segtrain predict runs/mine photo.jpg --out predicted",
                  "segtrain export runs/mine --out model.onnx")),
          Map.entry(
              "segtrain train",
              List.of(
                  "segtrain train --backbone pvt_small --dataset folder --data my/images --out runs/mine",
                  "segtrain train --recipe pvt_small_fpn_ade20k --data data/ade",
                  "segtrain train --resume runs/mine --iterations 8000")),
          Map.entry(
              "segtrain eval",
              List.of(
                  "segtrain eval runs/mine",
                  "segtrain eval runs/mine --data other/images --confusion confusion.png",
                  "segtrain eval runs/mine --scales 0.75,1,1.25 --flip",
                  "segtrain eval model.onnx --data my/images")),
          Map.entry(
              "segtrain predict",
              List.of(
                  "segtrain predict runs/mine photo.jpg more/photos --out predicted",
                  "segtrain predict runs/mine scan.tif --out predicted --eval-size original --window 512")),
          Map.entry(
              "segtrain export",
              List.of(
                  "segtrain export runs/mine --out model.pt --input uint8 --output class_map",
                  "segtrain export runs/mine --out model.onnx",
                  "segtrain export runs/mine --format djl --out served")),
          Map.entry(
              "segtrain data check",
              List.of(
                  "segtrain data check --data my/images",
                  "segtrain data check --data my/images --html check.html")),
          Map.entry(
              "segtrain data browse",
              List.of("segtrain data browse --data my/images --out samples.html")),
          Map.entry("segtrain data fetch", List.of("segtrain data fetch ade20k --out data/ade")),
          Map.entry("segtrain weights inspect", List.of("segtrain weights inspect checkpoint.pth")),
          Map.entry(
              "segtrain weights convert",
              List.of("segtrain weights convert runs/mine mine.safetensors")),
          Map.entry("segtrain weights fetch", List.of("segtrain weights fetch pvt_small_imagenet")),
          Map.entry(
              "segtrain benchmark",
              List.of(
                  "segtrain benchmark --backbone pvt_small,mpvit_small --head upernet --precision fp32")),
          Map.entry(
              "segtrain config",
              List.of("segtrain config --recipe pvt_small_fpn_ade20k --data data/ade")));

  private Examples() {}

  /** Those of a command, under their heading; nothing if it has none. */
  public static String render(Help help) {
    List<String> lines = of(help.commandSpec().qualifiedName());
    return lines.isEmpty()
        ? ""
        : lines.stream()
            .map(line -> "  " + line + System.lineSeparator())
            .collect(Collectors.joining("", help.createHeading("%nExamples:%n"), ""));
  }

  /** Those of the command of that name. */
  static List<String> of(String command) {
    return OF_COMMANDS.getOrDefault(command, List.of());
  }
}
