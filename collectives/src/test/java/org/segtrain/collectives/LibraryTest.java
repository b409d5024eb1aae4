package org.segtrain.collectives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.segtrain.files.CheckSum;

/** The committed binaries of {@code build.sh}: what they need, and that they fit the sources. */
class LibraryTest {

  private static final Path SOURCES = Path.of("src/main/native");
  private static final String CPU = "linux-x86_64";
  private static final String CUDA = "linux-x86_64-cuda";
  private static final Pattern FOLDER =
      Pattern.compile("[ -~]*/(?:home|root|tmp|work|build|mnt|usr)/[ -~]*");

  @Test
  void theyExportNothing() throws IOException {
    assertEquals(Set.of(), elf(CPU).exported());
    assertEquals(Set.of(), elf(CUDA).exported());
  }

  @Test
  void theyNeedPyTorchAndTheSystemOnly() throws IOException {
    List<String> torch = List.of("libtorch_cpu.so", "libc10.so", "libtorch_cuda.so");
    List<String> runtime = List.of("libgcc_s.so.1", "libc.so.6");
    assertEquals(needed(torch.subList(0, 2), runtime), elf(CPU).needed());
    assertEquals(needed(torch, runtime), elf(CUDA).needed());
  }

  @Test
  void theyResolveAllSymbolsBeforeAnyCodeRuns() throws IOException {
    assertTrue(elf(CPU).bindsNow());
    assertTrue(elf(CUDA).bindsNow());
  }

  @Test
  void theyNeedNoNewerSystemThanPyTorchsWheel() throws IOException {
    for (String variant : List.of(CPU, CUDA)) {
      Set<String> versions = elf(variant).versions();
      String newest = newest("GLIBC_", versions);
      assertTrue(compare(newest, "2.28") <= 0, newest); // manylinux_2_28
    }
  }

  @Test
  void theyNeedNoNewerRuntimeOfCppThanTheEnginesBridge() throws IOException {
    for (String variant : List.of(CPU, CUDA)) {
      String flavor = variant.equals(CPU) ? "cpu" : "cu128";
      Elf bridge = bridge(flavor);
      for (String name : List.of("GLIBCXX_", "CXXABI_")) {
        String ours = newest(name, elf(variant).versions());
        String theirs = newest(name, bridge.versions());
        assertTrue(compare(ours, theirs) <= 0, name + ours + ", but " + theirs);
      }
    }
  }

  @Test
  void theListsNameWhatTheyNeedOfPyTorch() throws IOException {
    assertEquals(lines(CPU + ".symbols"), List.copyOf(ofPyTorch(elf(CPU))));
    assertEquals(lines(CUDA + ".symbols"), List.copyOf(ofPyTorch(elf(CUDA))));
  }

  @Test
  void theVariantForCudaNeedsNcclsGroupMore() throws IOException {
    Set<String> more = ofPyTorch(elf(CUDA));
    more.removeAll(ofPyTorch(elf(CPU)));
    assertFalse(more.isEmpty());
    assertTrue(more.stream().allMatch(name -> name.contains("ProcessGroupNCCL")), more.toString());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void theEnginesPyTorchHasAllSymbols() throws IOException {
    Engine engine = Engine.getEngine("PyTorch");
    Path folder = Path.of(LibUtils.getLibtorchPath());
    Set<String> missing = ofPyTorch(elf(CPU));
    missing.removeAll(Elf.of(folder.resolve("libtorch_cpu.so")).exported());
    missing.removeAll(Elf.of(folder.resolve("libc10.so")).exported());
    assertEquals(Set.of(), missing, engine.getVersion());
  }

  @Test
  void theyNameNoFolderOfTheMachineThatMadeThem() throws IOException {
    for (String variant : List.of(CPU, CUDA)) {
      String text = new String(bytes(variant + ".so"), ISO_8859_1);
      assertEquals(List.of(), FOLDER.matcher(text).results().map(found -> found.group()).toList());
      assertTrue(text.contains("torch/include/"), "the pattern would find one");
    }
  }

  @Test
  void theyComeFromTheseSources() throws IOException {
    List<String> sums = new ArrayList<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(LibraryTest::isSource).sorted().toList()) {
        String text = Files.readString(file, UTF_8).replace("\r\n", "\n");
        sums.add(CheckSum.sha256(text.getBytes(UTF_8)) + "  " + file.getFileName());
      }
    }
    assertEquals(
        String.join("\n", lines("sources.sha256")),
        String.join("\n", sums),
        "sources changed after the binaries; run collectives/src/main/native/build.sh");
  }

  @Test
  void theScriptTakesTheHeadersOfTheVersionThatIsLoaded() throws IOException {
    String script = Files.readString(SOURCES.resolve("packages.sh"));
    assertTrue(script.contains(" torch==" + SharedLibrary.PYTORCH + "'"));
  }

  private static boolean isSource(Path file) {
    return !file.getFileName().toString().startsWith(".");
  }

  private static Set<String> ofPyTorch(Elf library) {
    return library.imported().stream()
        .filter(name -> !name.contains("@"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Elf elf(String variant) throws IOException {
    return Elf.of(ByteBuffer.wrap(bytes(variant + ".so")));
  }

  /** DJL's own library, which the engine loads before ours. */
  private static Elf bridge(String flavor) throws IOException {
    String name = "jnilib/linux-x86_64/%s/libdjl_torch.so".formatted(flavor);
    try (InputStream in = LibUtils.class.getClassLoader().getResourceAsStream(name)) {
      return Elf.of(ByteBuffer.wrap(in.readAllBytes()));
    }
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = SharedLibrary.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    }
  }

  private static List<String> lines(String resource) throws IOException {
    return new String(bytes(resource), UTF_8).lines().toList();
  }

  /** libtorch exports copies of functions of libstdc++, so that is asked first. */
  private static List<String> needed(List<String> torch, List<String> runtime) {
    List<String> all = new ArrayList<>(List.of("libstdc++.so.6"));
    all.addAll(torch);
    all.addAll(runtime);
    return all;
  }

  private static String newest(String name, Set<String> versions) {
    return versions.stream()
        .filter(version -> version.startsWith(name))
        .map(version -> version.substring(name.length()))
        .max(LibraryTest::compare)
        .orElseThrow();
  }

  private static int compare(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static int[] numbers(String version) {
    return Stream.of(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
