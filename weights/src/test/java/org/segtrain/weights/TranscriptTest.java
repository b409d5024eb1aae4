package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.tensors.ElementType;
import org.segtrain.tensors.SafeTensorsWriter;
import org.segtrain.tensors.TensorFile;

/** What is written is what PyTorch's modules of those models list. */
final class TranscriptTest {

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(names = {"PVT_TINY", "SHUNTED_TINY", "MPVIT_TINY", "HRVIT_B1", "HRFORMER_TINY"})
  void aRunsBackboneHasTheNamesAndShapesOfTheOfficialFile(BackboneVariant variant) {
    Path run = checkpoint(variant);
    Path out = folder.resolve("backbone.pth");
    Transcript.of(run, out, new Transcript.Options(null, "backbone.", ElementType.F32, false));
    assertEquals(Keys.backbone(variant.toString()), shapes(out));
  }

  /** By its name, through a link, through a link of its folder, and as another name of it. */
  @Test
  void whatIsReadIsNeverWrittenOnto() throws IOException {
    Path in = folder.resolve("in.safetensors");
    SafeTensorsWriter.write(in, Map.of(), Map.of("w", manager.ones(new Shape(2))), ElementType.F32);
    byte[] before = Files.readAllBytes(in);
    Path link = Files.createSymbolicLink(folder.resolve("link.pth"), in);
    Path linked =
        Files.createSymbolicLink(folder.resolve("linked"), folder).resolve("in.safetensors");
    Path hard = Files.createLink(folder.resolve("hard.pth"), in);
    Path round = folder.resolve("linked/../" + folder.getFileName() + "/in.safetensors");
    for (Path out : List.of(in, link, linked, hard, round)) {
      for (boolean replaces : new boolean[] {false, true}) {
        Transcript.Options options = new Transcript.Options(null, "", ElementType.F16, replaces);
        String message =
            assertThrows(UsageException.class, () -> Transcript.of(in, out, options)).getMessage();
        assertEquals(
            "%s would replace %s, which is read; name another file".formatted(out, in), message);
        assertThrows(UsageException.class, () -> Transcript.of(link, out, options));
      }
      assertThrows(UsageException.class, () -> Soup.of(List.of(hard, in), out));
    }
    assertArrayEquals(before, Files.readAllBytes(in));
    assertArrayEquals(before, Files.readAllBytes(hard));
  }

  @Test
  void whatIsThereIsReplacedOnlyWhereThatIsAskedFor() throws IOException {
    Path in = folder.resolve("in.safetensors");
    SafeTensorsWriter.write(in, Map.of(), Map.of("w", manager.ones(new Shape(2))), ElementType.F32);
    Path out = Files.writeString(folder.resolve("out.pth"), "precious");
    String message =
        assertThrows(DataException.class, () -> Transcript.of(in, out, Transcript.Options.STANDARD))
            .getMessage();
    assertEquals(out + " is there already; choose another file, or replace it", message);
    Path other = Files.copy(in, folder.resolve("other.safetensors"));
    assertThrows(DataException.class, () -> Soup.of(List.of(in, other), out));
    assertEquals("precious", Files.readString(out));
    Transcript.of(in, out, new Transcript.Options(null, "", ElementType.F32, true));
    assertEquals(Map.of("w", new Shape(2)), shapes(out));
  }

  @Tag("slow")
  @Test
  void aModelHasTheNamesAndShapesOfTheOfficialFile() {
    Path run = checkpoint(BackboneVariant.HRVIT_B1, HeadVariant.SEGFORMER, 150);
    Path out = folder.resolve("model.pth");
    Transcript.of(run, out, Transcript.Options.STANDARD);
    assertEquals(Keys.model("hrvit_b1", "segformer"), shapes(out));
  }

  @Tag("slow")
  @Test
  void aWholeModelHasItsSharedArraysUnderEveryName() {
    Path run = checkpoint(BackboneVariant.MPVIT_TINY);
    for (String name : new String[] {"model.safetensors", "model.pt"}) {
      Path out = folder.resolve(name);
      Transcript written = Transcript.of(run, out, Transcript.Options.STANDARD);
      Map<String, Shape> expected = Keys.prefixed("backbone.", Keys.backbone("mpvit_tiny"));
      Map<String, Shape> shapes = shapes(out);
      assertEquals(written.arrays(), shapes.size());
      assertTrue(written.repeats() > 0);
      shapes.keySet().removeIf(one -> !one.startsWith("backbone."));
      assertEquals(expected, shapes);
    }
  }

  @Tag("slow")
  @Test
  void sharedArraysHaveTheSameNumbersUnderEveryName() {
    Path out = folder.resolve("model.pth");
    Transcript.of(checkpoint(BackboneVariant.MPVIT_TINY), out, Transcript.Options.STANDARD);
    try (TensorFile file = TensorFile.open(out)) {
      String path = "backbone.mhca_stages.0.mhca_blks.0.";
      NDArray one = file.read(manager, path + "cpe.proj.weight");
      assertEquals(one, file.read(manager, path + "MHCA_layers.0.cpe.proj.weight"));
    }
  }

  @Test
  void whatCannotBeWrittenLeavesNothingBehind() {
    Path run = checkpoint(BackboneVariant.PVT_TINY);
    Path out = folder.resolve("none/model.pth");
    assertThrows(DataException.class, () -> Transcript.of(run, out, Transcript.Options.STANDARD));
    Path other = folder.resolve("model.npz");
    assertThrows(
        IllegalArgumentException.class,
        () -> Transcript.of(run, other, Transcript.Options.STANDARD));
    assertTrue(Files.notExists(other));
  }

  private Path checkpoint(BackboneVariant variant) {
    return checkpoint(variant, HeadVariant.FPN, 3);
  }

  /** Named as a run names its arrays. */
  private Path checkpoint(BackboneVariant variant, HeadVariant head, int classes) {
    Block model =
        SegmentationModel.builder().setBackbone(variant).setHead(head).setClasses(classes).build();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    StateDict.of(model)
        .forEach((name, parameter) -> arrays.put("model." + name, parameter.getArray()));
    arrays.put("optimizer.step", manager.create(1f));
    Path file = folder.resolve("last.safetensors");
    SafeTensorsWriter.write(file, Map.of("format", "segtrain 1"), arrays, ElementType.F32);
    return file;
  }

  private static Map<String, Shape> shapes(Path file) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    try (TensorFile tensors = TensorFile.open(file)) {
      tensors.tensors().forEach((name, info) -> shapes.put(name, info.shape()));
    }
    return shapes;
  }
}
