package org.segtrain.collectives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.errors.DataException;

/** Machines, engines and files with which processes cannot join, and what segtrain says. */
class SharedLibraryTest {

  private static final String FILE = "/cache/a.so";

  @TempDir Path folder;

  @Test
  void aPlatformWithoutLibraryIsNamed() {
    assertRefused(
        () -> SharedLibrary.requireFit("osx-aarch64", "2.7.1", false, false),
        "segtrain joins processes on linux-x86_64, and this is osx-aarch64, where training stays in one process; remove the variables of the launcher, such as WORLD_SIZE");
  }

  @Test
  void anotherPyTorchIsNamed() {
    assertRefused(
        () -> SharedLibrary.requireFit("linux-x86_64", "2.5.1", false, false),
        "segtrain joins processes by PyTorch 2.7.1, but the engine runs PyTorch 2.5.1; put pytorch-native-cpu 2.7.1 on the class path, or set PYTORCH_LIBRARY_PATH and PYTORCH_VERSION to a PyTorch 2.7.1");
  }

  @Test
  void aGpuWantsPyTorchForCuda() {
    assertRefused(
        () -> SharedLibrary.requireFit("linux-x86_64", "2.7.1", true, false),
        "processes on GPUs need libtorch_cuda.so, but the engine loaded libtorch_cpu.so alone; start with SEGTRAIN_CUDA=1, or choose the CPU");
    assertDoesNotThrow(() -> SharedLibrary.requireFit("linux-x86_64", "2.7.1", true, true));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aSecondCallLoadsNothingButChecksAgain() {
    SharedLibrary.load(false);
    SharedLibrary.load(false);
    assertRefused(() -> SharedLibrary.load(true), "libtorch_cuda.so");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aSymbolThatPyTorchLacksIsNamed() throws IOException {
    Path library = changed("_ZN4c10d8TCPStoreC1", "_ZN4c10d8TCPStoreC9");
    assertRefused(
        () -> SharedLibrary.load(library),
        " lacks _ZN4c10d8TCPStoreC9",
        "which joining processes needs; set PYTORCH_LIBRARY_PATH to a PyTorch 2.7.1 of pip or DJL");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void anOlderSystemIsNamed() throws IOException {
    Path library = changed("GLIBC_2.14", "GLIBC_2.99");
    assertRefused(
        () -> SharedLibrary.load(library),
        "joining processes needs GLIBC_2.99, which ",
        "libc.so.6 of this system lacks; run on a newer Linux");
    Path other = changed("GLIBCXX_3.4.26", "GLIBCXX_3.4.99");
    assertRefused(
        () -> SharedLibrary.load(other),
        "joining processes needs GLIBCXX_3.4.99, which ",
        "libstdc++.so.6 of this system lacks; run on a newer Linux, or name a newer libstdc++.so.6 in LIBSTDCXX_LIBRARY_PATH");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aMissingLibraryIsNamed() throws IOException {
    Path library = changed("libtorch_cpu.so", "libtorch_xpu.so");
    assertRefused(
        () -> SharedLibrary.load(library),
        "joining processes needs libtorch_xpu.so, which the engine has not loaded from ",
        "set PYTORCH_LIBRARY_PATH to a PyTorch 2.7.1");
  }

  @Test
  void aFileSystemWithoutProgramsIsNamed() {
    assertEquals(
        "the system maps no code of /cache/a.so (failed to map segment from shared object); set DJL_CACHE_DIR to a folder that is not mounted with noexec, or raise the limit of memory (ulimit -v)",
        LinkFailure.sentence(
            "/cache/a.so: /cache/a.so: failed to map segment from shared object", FILE));
  }

  @Test
  void anyOtherReasonIsTheSystems() {
    assertEquals(
        "the system cannot load /cache/a.so (cannot open shared object file: Permission denied); remove that file and start again",
        LinkFailure.sentence(
            "/cache/a.so: /cache/a.so: cannot open shared object file: Permission denied", FILE));
  }

  /** A library that differs from ours by a text; the engine's PyTorch is loaded. */
  private Path changed(String from, String to) throws IOException {
    Engine.getEngine("PyTorch");
    try (InputStream in = SharedLibrary.class.getResourceAsStream("linux-x86_64.so")) {
      String bytes = new String(in.readAllBytes(), ISO_8859_1);
      assertTrue(bytes.contains(from));
      byte[] other = bytes.replace(from, to).getBytes(ISO_8859_1);
      return Files.write(folder.resolve(to + ".so"), other);
    }
  }

  private static void assertRefused(Runnable call, String... parts) {
    String said = assertThrows(DataException.class, call::run).getMessage();
    for (String part : parts) {
      assertTrue(said.contains(part), said);
    }
  }
}
