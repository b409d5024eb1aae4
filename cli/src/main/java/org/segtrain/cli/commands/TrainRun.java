package org.segtrain.cli.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.segtrain.check.DataCheck;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.cli.options.Defaults;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.cli.options.OnError;
import org.segtrain.cli.options.TrainOptions;
import org.segtrain.cli.options.Usage;
import org.segtrain.cli.texts.ConfigText;
import org.segtrain.cli.texts.Console;
import org.segtrain.cli.texts.OptionNames;
import org.segtrain.cli.texts.ParameterTable;
import org.segtrain.cli.texts.ProcessText;
import org.segtrain.cli.texts.RecipeText;
import org.segtrain.cli.texts.RunEnd;
import org.segtrain.cli.texts.Screen;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Rendezvous;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.Configuration;
import org.segtrain.config.DataConfig;
import org.segtrain.config.DataPart;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.WeightsSource;
import org.segtrain.config.internal.Json;
import org.segtrain.cuda.Gpus;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.JoinedDataset;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.UsualFolders;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.measure.internal.Blueprint;
import org.segtrain.measure.internal.MemoryNeed;
import org.segtrain.optim.internal.ParameterNames;
import org.segtrain.releases.Release;
import org.segtrain.tensorboard.TensorBoard;
import org.segtrain.train.Progress;
import org.segtrain.train.Training;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** One training run, from its options to its last line on the console. */
public record TrainRun(CommandSpec spec, TrainOptions options) {

  private static final Path UP = Path.of("..");
  private static final String RUN = "run"; // noted for a restart
  private static final int TERMINATED = 128 + 15; // exit code of a process that SIGTERM ends

  /** Trains, or continues to; alone, or in several processes. */
  public int call() {
    Usage usage = new Usage(spec);
    if (usage.of(options.processes::starts) > 1) {
      requireFolder(usage);
      configuration(); // what is wrong with it is said once
      if (options.run.out != null && options.run.resume == null) {
        RunFolder.create(options.run.out); // a restart takes what is there for its own
      }
      return new LocalProcesses(spec, options.processes).run();
    }
    Optional<Rendezvous> launched = usage.of(options.processes::launched);
    if (launched.isEmpty()) {
      return begin(Group.alone(), 0);
    }
    requireFolder(usage);
    int localRank = launched.get().localRank();
    return new Membership(spec, options, launched.get()).of(group -> begin(group, localRank));
  }

  /** A run that is started again must be found again. */
  private void requireFolder(Usage usage) {
    boolean hasFolder = options.run.out != null || options.run.resume != null;
    usage.check(
        () -> {
          if (options.processes.isRestarted() && !hasFolder) {
            throw new UsageException(
                "--max-restarts needs --out DIR, where the run is found again; give it, or leave"
                    + " --max-restarts out");
          }
        });
  }

  private int begin(Group group, int localRank) {
    return group.isFirst() ? first(group, localRank) : other(group, localRank);
  }

  /** The run of a process that the first tells what to do. */
  private int other(Group group, int localRank) {
    if (options.fineTuning.parameters) {
      return ExitCode.OK;
    }
    TrainConfig config = told(group, "");
    OnError onError = OnError.of(group.gather("").get(0));
    Dataset opened = opened(config, new Usage(spec));
    Dataset dataset = onError == OnError.FAIL ? opened : SkippingDataset.forTraining(opened);
    Training training =
        Training.builder()
            .setConfig(config)
            .setDataset(dataset)
            .optResources(options.device.resources(localRank, config.run(), workers()))
            .optGroup(group)
            .build();
    Training.End[] end = new Training.End[1];
    Interrupt.stops(training::requestStop, () -> end[0] = training.run().end());
    return code(end[0], group);
  }

  /** A process that ends since another was asked to has not done its work either. */
  private static int code(Training.End end, Group group) {
    return end == Training.End.STOPPED && group.size() > 1 ? TERMINATED : ExitCode.OK;
  }

  /** The configuration of the first process. */
  private static TrainConfig told(Group group, String own) {
    try {
      return ConfigFile.whole(group.gather(own).get(0));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // it was just written
    }
  }

  private int first(Group group, int localRank) {
    Usage usage = new Usage(spec);
    Optional<RunFolder> begun = usage.of(() -> resumed(group)).map(RunFolder::resume);
    Configuration known = configuration(begun);
    Gpus.findAhead();
    TrainConfig asked = known.config();
    usage.check(() -> options.fineTuning.check(asked.fineTuning(), names(asked)));
    Optional<Release> release = usage.of(() -> release(asked));
    OnError onError = usage.of(() -> OnError.of(options.run.onError));
    Dataset dataset = opened(asked, usage);
    usage.check(() -> TrainedModel.of(asked, dataset.classes().size())); // one logit needs two
    if (options.fineTuning.parameters) {
      return showParameters(asked, dataset.classes().size());
    }
    Dataset trained = onError == OnError.FAIL ? dataset : SkippingDataset.forTraining(dataset);
    Supplier<ClassWeights> classWeights = ClassWeights.ahead(trained, asked.loss().classBalance());
    Resources resources =
        usage.of(() -> options.device.resources(localRank, asked.run(), workers()));
    if (begun.isEmpty()) { // a run may go on elsewhere
      usage.check(() -> DeviceOptions.check(asked.run().precision(), resources));
    }
    MemoryNeed.of(asked, dataset.classes().size()).check(resources.device());
    TrainConfig config =
        coloured(found(release.map(this::fetched).map(asked::with).orElse(asked)), dataset);
    Map<String, String> origins = new LinkedHashMap<>(known.origins());
    release.ifPresent(from -> origins.put("weights.file", "release " + from.name()));
    RunFolder run = begun.orElseGet(() -> created(config));
    if (dataset instanceof JoinedDataset) {
      spec.commandLine().getOut().println(dataset);
    }
    told(group, Json.line(config));
    group.gather(onError.toString());
    group.note(RUN, run.dir().toAbsolutePath().toString());
    Configuration whole = new Configuration(config, origins);
    begun.ifPresent(
        before ->
            ProcessText.ofOthers(before.saved().schedule(), config)
                .forEach(spec.commandLine().getOut()::println));
    Training.End end = train(whole, trained, classWeights, resources, run, begun.isEmpty(), group);
    if (!(trained instanceof SkippingDataset readable)) {
      return code(end, group);
    }
    BadFiles bad = new BadFiles(spec, onError);
    bad.addAll(readable.sentences());
    int code = bad.report(dataset.size(Split.TRAINING) + dataset.size(Split.VALIDATION));
    return code == ExitCode.OK ? code(end, group) : code;
  }

  /** With the whole path of the data, so that the run can be used from any folder. */
  private static TrainConfig found(TrainConfig config) {
    DataConfig data = config.data();
    List<DataPart> parts =
        data.parts().stream().map(part -> new DataPart(whole(part.path()), part.weight())).toList();
    return config
        .with("data.path", data.path().isEmpty() ? "" : whole(data.path()))
        .with("data.parts", parts);
  }

  private static String whole(String path) {
    Path whole = Path.of(path).toAbsolutePath();
    boolean climbs = StreamSupport.stream(whole.spliterator(), false).anyMatch(UP::equals);
    return (climbs ? UsualFolders.real(whole) : whole.normalize()).toString();
  }

  /** The data, with both splits listed, so that a file that is missing is missed now. */
  private static Dataset opened(TrainConfig config, Usage usage) {
    Dataset dataset = usage.of(() -> DatasetVariant.open(config));
    dataset.size(Split.TRAINING);
    dataset.size(Split.VALIDATION);
    return dataset;
  }

  /** With the colours of a folder's own classes, so that predictions have them without the data. */
  private static TrainConfig coloured(TrainConfig config, Dataset dataset) {
    List<String> palette = FolderDataset.palette(dataset);
    boolean own = config.data().dataset().equals(DatasetVariant.FOLDER.toString());
    return own && !palette.isEmpty() ? config.with("files.palette", palette) : config;
  }

  private static ParameterNames names(TrainConfig config) {
    int classes = 2; // any number: names do not depend on it
    return ParameterNames.of(TrainedModel.of(config, classes));
  }

  /** The configuration of a run with these options. */
  Configuration configuration() {
    return configuration(new Usage(spec).of(() -> resumed(Group.alone())).map(RunFolder::resume));
  }

  private Configuration configuration(Optional<RunFolder> begun) {
    return new Usage(spec)
        .of(
            () ->
                begun
                    .map(run -> options.over("run " + run.dir(), run.saved()))
                    .orElseGet(options::configuration));
  }

  /** The published weights to start from, if any were asked for. */
  private Optional<Release> release(TrainConfig config) {
    if (options.pretrained.given() && config.weights().isGiven()) {
      throw new UsageException(
          "--pretrained and --weights both name the first weights; leave one out");
    }
    return options.pretrained.release(config.model().backbone());
  }

  private Overlay fetched(Release release) {
    Path file = options.pretrained.file(release, Screen.of(spec));
    return new WeightsSource(file.toString(), "").overlay("release " + release.name());
  }

  private int showParameters(TrainConfig config, int classes) {
    try (Blueprint model = Blueprint.of(config, classes)) {
      ParameterTable table = new ParameterTable(config.factors(model.model()), config.fineTuning());
      spec.commandLine().getOut().print(table.of(model).text());
      spec.commandLine().getOut().flush();
    }
    return ExitCode.OK;
  }

  private Training.End train(
      Configuration configuration,
      Dataset dataset,
      Supplier<ClassWeights> classWeights,
      Resources resources,
      RunFolder run,
      boolean begins,
      Group group) {
    TrainConfig config = configuration.config();
    PrintWriter out = spec.commandLine().getOut();
    if (group.size() > 1) {
      out.println(ProcessText.of(config.schedule(), group.hosts(), resources.device().isGpu()));
    }
    out.println(
        "%s with %s, %s, %s on %s; run folder: %s"
            .formatted(
                config.model().backbone(),
                config.model().head(),
                Counted.of(dataset.classes().size(), "class"),
                config.run().precision(),
                DeviceOptions.describe(resources),
                run.dir()));
    ConfigText text = new ConfigText(config);
    FirstImage.of(dataset, Split.TRAINING)
        .ifPresent(
            photograph -> {
              out.println("training images (width x height): " + text.trained(photograph));
              out.println("evaluated images: " + text.evaluated(photograph));
            });
    options.recipe().ifPresent(recipe -> out.print(new RecipeText(recipe, config).text()));
    out.flush();
    OptionNames words = OptionNames.of(spec);
    try (Console console = new Console(out, Screen.of(spec), config.run().best(), words);
        TensorBoard board = new TensorBoard(run.dir(), config)) {
      boolean tells = options.run.tensorboard || Files.isDirectory(TensorBoard.folder(run.dir()));
      Training training =
          Training.builder()
              .setConfig(config)
              .optOrigins(configuration.origins())
              .setDataset(dataset)
              .setFolder(run.dir())
              .optResources(resources)
              .optBegins(begins)
              .optClassWeights(classWeights)
              .optGroup(group)
              .optProgress(tells ? Progress.of(List.of(console, board)) : console)
              .build();
      RunEnd.Again again = new RunEnd.Again(group.size(), LocalProcesses.isLauncherOfThis());
      long start = System.nanoTime();
      Training.End[] end = new Training.End[1];
      Interrupt.stops(
          training::requestStop,
          () -> {
            Training.Summary summary = run(training, console, config, run, again);
            end[0] = summary.end();
            console.end();
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            new RunEnd(config, run, summary, console, time, again).lines().forEach(out::println);
            out.flush();
          });
      return end[0];
    }
  }

  /** Says how to go on if an error ends it after its first step, and there is a checkpoint. */
  private Training.Summary run(
      Training training, Console console, TrainConfig config, RunFolder run, RunEnd.Again again) {
    try {
      return training.run();
    } catch (DataException e) {
      if (console.hasSteps() && Files.exists(run.last())) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(RunEnd.goOn(run, config, again, again.processes() == 1));
        out.flush();
      }
      throw e;
    }
  }

  /** The folder of the run to go on with, if one is. */
  private Optional<Path> resumed(Group group) {
    Path given = options.run.resume;
    if (given == null) {
      return startedAgain(group);
    }
    if (options.recipe().isPresent()) {
      throw new UsageException("--resume keeps the values of the run; leave --recipe out");
    }
    if (options.weights.source().isGiven() || options.pretrained.given()) {
      throw new UsageException(
          "--resume goes on with the weights of the run; leave %s out, or begin another run with them"
              .formatted(options.pretrained.given() ? "--pretrained" : "--weights"));
    }
    if (!given.toString().isEmpty()) {
      if (options.run.out != null && !isSame(options.run.out, given)) {
        throw new UsageException(
            "--resume goes on in %s, but --out is %s; leave --out out"
                .formatted(given, options.run.out));
      }
      return Optional.of(given);
    }
    if (options.run.out == null) {
      throw new UsageException(
          "--resume has no folder; name that of the run, as in --resume runs/NAME");
    }
    return Optional.of(options.run.out);
  }

  /** The run that a launcher began, and now starts again. */
  private Optional<Path> startedAgain(Group group) {
    boolean again = options.processes.launched().filter(where -> where.attempt() > 0).isPresent();
    return Optional.ofNullable(options.run.out)
        .filter(out -> again && Files.exists(new RunFolder(out).config()))
        .filter(
            out ->
                LocalProcesses.isLauncherOfThis() // which looked that there was no run before
                    || group.noted(RUN).equals(out.toAbsolutePath().toString()));
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  /** The folder of a new run, refused if its pictures would be taken for the data's. */
  private RunFolder created(TrainConfig config) {
    Path folder = folder(config);
    if (UsualFolders.dataAround(folder).isPresent()
        || DataCheck.isAmongData(config, folder.resolve("predictions/validation-00.png"))) {
      throw new DataException(
          "%s is among the images or masks of the data, so pictures of the run would be taken for them; choose another folder"
              .formatted(folder));
    }
    return RunFolder.create(folder);
  }

  private Path folder(TrainConfig config) {
    String name =
        "%s-%s-%s"
            .formatted(config.model().backbone(), config.model().head(), config.data().dataset());
    return options.run.out != null ? options.run.out : RunFolder.free(Path.of("runs"), name);
  }

  private int workers() {
    return options.run.workers == null ? Defaults.workers() : options.run.workers;
  }
}
