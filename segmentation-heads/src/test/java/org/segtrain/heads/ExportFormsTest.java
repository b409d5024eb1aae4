package org.segtrain.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Graph;
import org.segtrain.torchscript.Recordings;
import org.segtrain.torchscript.Report;
import org.segtrain.torchscript.TorchScript;

/** Exports in other forms than the plain one of {@link ExportTest}. */
@Tag("slow")
final class ExportFormsTest {

  @TempDir Path folder;
  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"pvt_tiny, fpn", "mpvit_tiny, segformer", "hrvit, segformer"})
  void aFileInBfloat16ComputesAsMixedPrecisionDoes(String backbone, String head)
      throws IOException {
    SegmentationModel model = SmallModels.of(backbone, head, manager);
    TorchScript export = TorchScript.of(model, SmallModels.samples(backbone));
    Path file = folder.resolve("model.pt");
    Report report = export.inBfloat16().write(file);
    assertEquals(0, report.difference(), 0.02);
    long values =
        StateDict.of(model).values().stream().mapToLong(one -> one.getArray().size()).sum();
    long whole = Float.BYTES * values;
    long stored = arrays(file);
    assertTrue(stored >= 0.5 * whole && stored < 0.6 * whole, stored + " of " + whole);
  }

  @Test
  void oneLogitInBfloat16ComputesAsMixedPrecisionDoes() {
    SegmentationModel model = SmallModels.ofOneLogit("pvt_tiny", "fpn", manager);
    TorchScript export = TorchScript.of(model, SmallModels.samples("pvt_tiny"));
    Report report = export.inBfloat16().write(folder.resolve("model.pt"));
    assertEquals(0, report.difference(), 0.02);
  }

  /** Bytes of the arrays of a file, without its program. */
  private static long arrays(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream()
          .filter(entry -> entry.getName().matches("[^/]+/data/.+"))
          .mapToLong(ZipEntry::getSize)
          .sum();
    }
  }

  @ParameterizedTest
  @CsvSource({"shunted_tiny, upernet", "hrformer, segformer"})
  void anOptimisedFileHasNoAuxiliaryHeadAndNoBatchNorm(String backbone, String head)
      throws Exception {
    SegmentationModel model = SmallModels.of(backbone, head, manager);
    Path file = folder.resolve("model.pt");
    Report report = TorchScript.of(model, SmallModels.samples(backbone)).optimized().write(file);
    assertEquals(0, report.difference(), 1e-4);
    Set<String> names = names(file);
    assertTrue(names.stream().noneMatch(name -> name.contains("auxiliary")), names.toString());
    assertTrue(names.contains("decode_head.conv_seg.weight"), names.toString());
    assertTrue(
        names.stream().noneMatch(name -> name.matches("decode_head.*running_mean")),
        names.toString());
  }

  private static Set<String> names(Path file) throws Exception {
    try (Model loaded = Model.newInstance("exported", "PyTorch")) {
      loaded.load(file);
      return new TreeSet<>(loaded.getBlock().getParameters().keys());
    }
  }

  @Test
  void arraysOfSeveralNamesStayTied() {
    SegmentationModel model = SmallModels.of("mpvit_tiny", "segformer", manager);
    Graph graph = Recordings.of(model, SmallModels.samples("mpvit_tiny"));
    assertEquals(StateDict.repeats(model), graph.repeats());
    assertFalse(graph.repeats().isEmpty());
  }
}
