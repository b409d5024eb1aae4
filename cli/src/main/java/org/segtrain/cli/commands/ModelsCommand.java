package org.segtrain.cli.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.ModelText;
import org.segtrain.cli.texts.ModelText.Explained;
import org.segtrain.cli.texts.ModelText.Peak;
import org.segtrain.cli.texts.Table;
import org.segtrain.config.Precision;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.Benchmark.Mode;
import org.segtrain.measure.internal.ModelExplanation;
import org.segtrain.measure.internal.NewModel;
import org.segtrain.measure.internal.ParameterCount;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segtrain models}: the backbones and heads of this build, counted, not remembered. */
@Command(
    name = "models",
    description = {
      "Lists backbones and heads, or explains one.",
      "With NAME: parameters and GMACs of its parts, shapes of the backbone's four maps, and the"
          + " memory of one pass, measured in a process of its own.",
      "GMACs: multiply-adds of inference with one image, 10^9."
    })
public final class ModelsCommand implements Callable<Integer> {

  private static final int CLASSES = 150; // of ADE20K

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Explains this backbone or head (none: lists all).")
  private String name;

  @Option(
      names = "--head",
      paramLabel = "NAME",
      completionCandidates = NameLists.Heads.class,
      description = "Head behind the backbone NAME (none: the bare backbone).")
  private String head;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      completionCandidates = NameLists.Backbones.class,
      description = "Backbone whose maps the head NAME reads (pvt_small).")
  private String backbone;

  @Option(names = "--classes", paramLabel = "K", description = "Classes of the head (150).")
  private Integer classes;

  @Option(names = "--size", paramLabel = "PIXELS|HxW", description = "Size of the image (512).")
  private String size;

  @Option(
      names = "--no-memory",
      description = "Leave out the memory, which takes seconds to measure.")
  private boolean noMemory;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--markdown", description = "Print Markdown tables.")
  private boolean markdown;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    Usage usage = new Usage(spec);
    if (name == null) {
      usage.check(this::refuseIdle);
      print(backbones(), out);
      out.println();
      print(heads(), out);
    } else {
      Explained explained = explain(usage);
      if (json) {
        out.println(
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(explained));
      } else {
        ModelText text = new ModelText(explained);
        out.print(text.head());
        for (Table table : text.tables()) {
          out.println();
          print(table, out);
        }
      }
    }
    out.flush();
    return ExitCode.OK;
  }

  /** Refuses what belongs to one model. */
  private void refuseIdle() {
    if (Stream.of(head, backbone, classes, size).anyMatch(Objects::nonNull) || json || noMemory) {
      throw new UsageException(
          "--head, --backbone, --classes, --size, --json and --no-memory are for one model; name it,"
              + " as in segtrain models pvt_small --head fpn");
    }
  }

  private Explained explain(Usage usage) {
    boolean isHead = usage.of(this::isHead);
    NewModel model = usage.of(() -> model(isHead));
    ImageSize image = usage.of(this::image);
    usage.of(device::device);
    ModelExplanation parts =
        isHead ? ModelExplanation.ofHead(model, image) : ModelExplanation.of(model, image);
    String source = isHead ? model.head().orElseThrow().source() : model.backbone().source();
    return new Explained(
        model.backbone().toString(),
        model.head().map(HeadVariant::toString).orElse(null),
        model.head().map(unused -> model.classes()).orElse(null),
        image.toString(),
        source,
        parts,
        noMemory || isHead ? List.of() : peaks(usage, model, image));
  }

  private boolean isHead() {
    List<String> known = new ArrayList<>(Choice.names(BackboneVariant.values()));
    int backbones = known.size();
    known.addAll(Choice.names(HeadVariant.values()));
    return new Choice("model", known).index(name) >= backbones;
  }

  private NewModel model(boolean isHead) {
    Optional<HeadVariant> given = Optional.ofNullable(head).map(HeadVariant::of);
    Optional<BackboneVariant> under = Optional.ofNullable(backbone).map(BackboneVariant::of);
    if (isHead && given.isPresent()) {
      throw new UsageException(
          "%s is a head; leave --head out, or name a backbone".formatted(name));
    }
    if (!isHead && under.isPresent()) {
      throw new UsageException(
          "%s is a backbone; leave --backbone out, or name a head".formatted(name));
    }
    Optional<HeadVariant> decoder = isHead ? Optional.of(HeadVariant.of(name)) : given;
    if (classes != null && decoder.isEmpty()) {
      throw new UsageException(
          "--classes would have no effect without --head; give that too, or leave --classes out");
    }
    if (classes != null && classes < 1) {
      throw new UsageException("--classes must be at least 1, but is " + classes);
    }
    return new NewModel(
        isHead ? under.orElse(BackboneVariant.PVT_SMALL) : BackboneVariant.of(name),
        decoder,
        classes == null ? CLASSES : classes);
  }

  private ImageSize image() {
    ImageSize image = ImageSize.of("--size", size == null ? "512" : size);
    if (image.shortEdge() < Backbone.SHORTEST_SIDE) {
      throw new UsageException(
          "--size must be at least %1$d x %1$d pixels, but is %2$s"
              .formatted(Backbone.SHORTEST_SIDE, size));
    }
    return image;
  }

  /** A first pass of each kind; training of as few images as the head allows. */
  private List<Peak> peaks(Usage usage, NewModel model, ImageSize image) {
    int least = model.head().map(HeadVariant::smallestBatch).orElse(1);
    Benchmark inference = new Benchmark(image, 1, Mode.INFERENCE, Precision.FP32, 0, 1);
    Benchmark training =
        usage.of(() -> new Benchmark(image, least, Mode.TRAINING, Precision.FP32, 0, 1));
    return Stream.of(inference, training)
        .map(
            benchmark -> {
              long bytes = new BenchmarkProcess(model, benchmark, device).measure().peakBytes();
              return new Peak(
                  benchmark.mode().toString(),
                  benchmark.batch(),
                  benchmark.precision().toString(),
                  bytes,
                  "measured");
            })
        .toList();
  }

  private void print(Table table, PrintWriter out) {
    out.print(markdown ? table.markdown() : table.text());
  }

  private static Table backbones() {
    Table table = new Table("backbone", "parameters", "channels", "source");
    for (BackboneVariant variant : BackboneVariant.values()) {
      Backbone backbone = variant.build();
      String channels =
          backbone.channels().stream().map(String::valueOf).collect(Collectors.joining(", "));
      String parameters = String.format(Locale.ROOT, "%,d", ParameterCount.of(variant));
      table.add(variant.toString(), parameters, channels, variant.source());
    }
    return table;
  }

  private static Table heads() {
    Table table = new Table("head", "source");
    for (HeadVariant head : HeadVariant.values()) {
      table.add(head.toString(), head.source());
    }
    return table;
  }
}
