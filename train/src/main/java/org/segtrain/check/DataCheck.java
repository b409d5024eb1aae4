package org.segtrain.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.check.Finding.Kind;
import org.segtrain.config.DataPart;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.JoinedDataset;
import org.segtrain.data.Palette;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.Listing;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.files.UserCache;

/**
 * Reads every file of every split of a data set once, and reports contents, faults and remedies.
 */
public final class DataCheck {

  /** Findings that leave the meaning of all values open. */
  private static final Set<Kind> UNCLEAR =
      EnumSet.of(Kind.SHIFTED_VALUES, Kind.BINARY_MASKS, Kind.ONE_CLASS);

  /** Findings that may explain why a class does not occur. */
  private static final Set<Kind> UNKNOWN =
      EnumSet.of(Kind.UNKNOWN_VALUE, Kind.UNNAMED_COLOURS, Kind.UNKNOWN_COLOUR, Kind.NOT_A_MASK);

  private final TrainConfig config;
  private final Dataset dataset;
  private final FileSet files;
  private final FactsCache cache;

  private DataCheck(TrainConfig config, Dataset dataset, FileSet files, FactsCache cache) {
    this.config = config;
    this.dataset = dataset;
    this.files = files;
    this.cache = cache;
  }

  /**
   * A check of the data that {@code config} names. It keeps its results in the user's cache folder,
   * so a second check of unchanged files is fast.
   *
   * @throws org.segtrain.errors.DataException if the folder or the list of the classes is missing
   * @throws UsageException if the data set has no files
   */
  public static DataCheck of(TrainConfig config) {
    return of(config, UserCache.folder("checks"));
  }

  /** The same with another cache folder. */
  static DataCheck of(TrainConfig config, Path cache) {
    Dataset dataset = DatasetVariant.open(Objects.requireNonNull(config, "config"));
    String folders =
        folders(config)
            .map(folder -> Path.of(folder).toAbsolutePath().normalize().toString())
            .collect(Collectors.joining("\n"));
    UUID name = UUID.nameUUIDFromBytes(folders.getBytes(StandardCharsets.UTF_8));
    FileSet files =
        files(dataset)
            .orElseThrow(
                () ->
                    new UsageException(
                        "data.dataset is %s, which has no files to check; choose another"
                            .formatted(dataset.name())));
    return new DataCheck(config, dataset, files, FactsCache.read(cache.resolve(name + ".gz")));
  }

  static Stream<String> folders(TrainConfig config) {
    return config.data().parts().isEmpty()
        ? Stream.of(config.data().path())
        : config.data().parts().stream().map(DataPart::path);
  }

  /** The files of a data set, if it has some. */
  static Optional<FileSet> files(Dataset dataset) {
    if (dataset instanceof JoinedDataset joined) {
      return Optional.of(joined.files());
    }
    return dataset instanceof FileSet files ? Optional.of(files) : Optional.empty();
  }

  /**
   * Whether a file of that path would be taken for an image or a mask of the data that {@code
   * config} names; they need not be there.
   */
  public static boolean isAmongData(TrainConfig config, Path file) {
    try {
      return files(DatasetVariant.open(config)).filter(data -> data.holds(file)).isPresent();
    } catch (DataException | UsageException gone) {
      return false;
    }
  }

  FileSet files() {
    return files;
  }

  /** The colours of its classes in pictures. */
  Palette palette() {
    return ContactSheet.palette(config, dataset);
  }

  /** Reads the files, on all cores, and judges them. */
  public CheckReport run(CheckProgress progress) {
    long start = System.nanoTime();
    StrayFindings strays = new StrayFindings(files);
    List<Listing.Pair> pairs = new ArrayList<>();
    strays.listings().values().forEach(listing -> pairs.addAll(listing.pairs()));
    Reading reading = new Reading(files, cache, Objects.requireNonNull(progress, "progress"));
    reading.read(pairs);
    Evidence evidence =
        new Evidence(
            config, dataset, files, strays.listings(), reading.photographs(), reading.masks());
    VoidCrops crops = VoidCrops.of(evidence);
    List<Finding> findings = new ArrayList<>(strays.findings());
    Optional<Finding> exchanged = new ExchangeFindings(files, reading.masks()).of(pairs);
    exchanged.ifPresent(findings::add);
    reading.findings().stream()
        .filter(finding -> exchanged.isEmpty() || finding.kind() != Kind.NOT_A_MASK)
        .forEach(findings::add);
    long heap = Runtime.getRuntime().maxMemory();
    findings.addAll(new SizeFindings(evidence, heap).findings());
    if (exchanged.isEmpty()) { // else what masks hold is no matter of theirs
      findings.addAll(contents(evidence, crops));
      findings.addAll(new CopyFindings(evidence).findings());
    }
    findings.sort(Comparator.comparing(Finding::severity)); // keeps the order of the same severity
    Summary summary = new Summary(evidence, palette());
    return new CheckReport(
        dataset.name(),
        folders(config).collect(Collectors.joining(", ")),
        summary.splits(),
        summary.classes(),
        summary.largest(),
        crops.share(),
        findings,
        2 * pairs.size(),
        reading.count(),
        (System.nanoTime() - start) / 1e9);
  }

  /** Findings about masks, and about classes once the meaning of the values is clear. */
  private static List<Finding> contents(Evidence evidence, VoidCrops crops) {
    List<Finding> findings = new ArrayList<>(new ValueFindings(evidence).findings());
    Set<Kind> kinds = findings.stream().map(Finding::kind).collect(Collectors.toSet());
    if (Collections.disjoint(kinds, UNCLEAR)) {
      int half = evidence.pairs().size() / 2; // a slip in a few masks explains nothing
      boolean areRead =
          findings.stream()
              .noneMatch(found -> UNKNOWN.contains(found.kind()) && found.files().size() > half);
      findings.addAll(new ClassFindings(evidence, areRead).findings());
      findings.addAll(crops.findings());
    }
    return findings;
  }
}
