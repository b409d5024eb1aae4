package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Java that only says what it was started with. */
class LauncherTest {

  private static final Path LAUNCHER = Path.of("../distribution/src/main/bin/segtrain");

  private static final Map<String, String> WRITES = Map.of("SEGTRAIN_ARCHIVE_CLASSES", "1");

  @TempDir private Path dir;

  @BeforeEach
  void fakeJava() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    Path java = dir.resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\nprintf %s \"${LC_ALL:-}\"\n");
    assertEquals(true, java.toFile().setExecutable(true));
  }

  @Test
  void namesAreInUtf8WhereTheLocaleKnowsOnlyAscii() throws Exception {
    assumeTrue("UTF-8".equals(charmap("C.UTF-8")));
    for (Map<String, String> ascii :
        List.of(
            Map.of("LC_ALL", "C"),
            Map.of("LC_ALL", "POSIX"),
            Map.of("LANG", "C"),
            Map.of("LC_CTYPE", "POSIX", "LANG", "C.UTF-8"),
            Map.of("LANG", "xx_YY.UTF-8"), // not installed
            Map.<String, String>of())) {
      assertEquals("C.UTF-8", localeOfJava(ascii), ascii.toString());
    }
  }

  @Test
  void anyOtherLocaleStays() throws Exception {
    assumeTrue("UTF-8".equals(charmap("C.UTF-8")));
    assertEquals("", localeOfJava(Map.of("LANG", "C.UTF-8")));
    assertEquals("C.utf8", localeOfJava(Map.of("LC_ALL", "C.utf8")));
  }

  @Test
  void aGpuNeedsAnotherPyTorch() throws Exception {
    Path home = Files.createDirectories(dir.resolve("segtrain"));
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib/cpu"));
    Files.copy(LAUNCHER, home.resolve("bin/segtrain"));
    Files.writeString(home.resolve("lib/pytorch-jni-2.7.1-0.36.0.jar"), "");
    Files.writeString(
        dir.resolve("bin/java"),
        "#!/bin/sh\necho \"$PYTORCH_VERSION $PYTORCH_FLAVOR\"\nprintf '%s\\n' \"$@\"\n");
    String fetched = argumentsOfJava(home, Map.of());
    assertTrue(fetched.startsWith("2.7.1 cu128\n"), fetched);
    assertTrue(fetched.contains("\n-Dai.djl.offline=false\n"), fetched);
    assertTrue(fetched.contains("\n-cp\n%s/lib/*\n".formatted(home)), fetched);

    String named = argumentsOfJava(home, Map.of("PYTORCH_LIBRARY_PATH", "/libs"));
    assertTrue(named.contains("\n-Dai.djl.offline=true\n"), named);
    assertTrue(named.contains("\n-cp\n%s/lib/*\n".formatted(home)), named);

    String given = argumentsOfJava(home, Map.of("SEGTRAIN_CUDA_JARS", "/a.jar:/b.jar"));
    assertTrue(given.contains("\n-Dai.djl.offline=true\n"), given);
    assertTrue(given.contains("\n-cp\n%s/lib/*:/a.jar:/b.jar\n".formatted(home)), given);

    Files.createDirectories(home.resolve("lib/cuda"));
    String beside = argumentsOfJava(home, Map.of());
    assertTrue(beside.contains("\n-Dai.djl.offline=true\n"), beside);
    assertTrue(beside.contains("\n-cp\n%1$s/lib/*:%1$s/lib/cuda/*\n".formatted(home)), beside);
  }

  @Test
  void theFirstStartWritesTheArchiveOfClassesAndLaterOnesTakeIt() throws Exception {
    Path home = installed("17.0.1+2");
    Path archive = home.resolve("classes-17.0.1+2.jsa");
    assertEquals(0, started(home, Map.of()).waitFor());
    assertEquals("whole", whenThere(archive));
    assertEquals(0, started(home, Map.of()).waitFor());
    assertEquals(0, started(home, Map.of("SEGTRAIN_CUDA", "1")).waitFor());
    List<String> calls = Files.readAllLines(dir.resolve("calls"));
    assertEquals(4, calls.size(), calls::toString);
    String taken = "-XX:SharedArchiveFile=" + archive;
    assertEquals(3, calls.stream().filter(call -> call.contains(taken)).count(), calls::toString);
    assertEquals(List.of(), leftovers(home));
  }

  @Test
  void eachJavaHasAnArchiveOfItsOwn() throws Exception {
    Path home = installed("17.0.1+2");
    assertEquals(0, started(home, WRITES).waitFor());
    Files.writeString(dir.resolve("release"), "JAVA_VERSION=\"25\"\n");
    assertEquals(0, started(home, Map.of()).waitFor());
    assertEquals("whole", whenThere(home.resolve("classes-25.jsa")));
    assertTrue(Files.exists(home.resolve("classes-17.0.1+2.jsa")));
  }

  @Test
  void anArchiveThatIsOlderThanTheJarsIsWrittenAgain() throws Exception {
    Path home = installed("17");
    Path archive = Files.writeString(home.resolve("classes-17.jsa"), "old");
    Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
    assertEquals(0, started(home, Map.of()).waitFor());
    assertEquals("whole", whenThere(archive));
  }

  @Test
  void anArchiveThatCannotBeWrittenIsTriedOnce() throws Exception {
    Path home = installed("17");
    Path archive = home.resolve("classes-17.jsa");
    Map<String, String> fails = Map.of("FAILS", "1");
    assertEquals(0, started(home, fails).waitFor());
    assertEquals("", whenThere(archive));
    assertEquals(0, started(home, fails).waitFor());
    assertEquals(3, Files.readAllLines(dir.resolve("calls")).size());
    assertEquals(List.of(), leftovers(home));
  }

  @Test
  void severalThatWriteTheArchiveLeaveItWhole() throws Exception {
    Path home = installed("17");
    Files.writeString(home.resolve("classes-17.jsa.99999999.part"), "half"); // by a killed process
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(started(home, WRITES));
    }
    for (Process writer : writers) {
      assertEquals(0, writer.waitFor());
    }
    assertEquals("whole", Files.readString(home.resolve("classes-17.jsa")));
    assertEquals(List.of(), leftovers(home));
  }

  @Test
  void noArchiveIsWrittenWhereTheUserCannotWriteOrWantsNone() throws Exception {
    Path home = installed("17");
    assertEquals(0, started(home, Map.of("SEGTRAIN_ARCHIVE_CLASSES", "0")).waitFor());
    List<String> calls = Files.readAllLines(dir.resolve("calls"));
    assertEquals(1, calls.size(), calls::toString);
    assertFalse(calls.get(0).contains("SharedArchiveFile"), calls::toString);

    assumeTrue(home.toFile().setWritable(false) && !Files.isWritable(home)); // root always can
    assertEquals(0, started(home, Map.of()).waitFor());
    assertEquals(1, started(home, WRITES).waitFor());
    assertEquals(2, Files.readAllLines(dir.resolve("calls")).size());
    assertEquals(true, home.toFile().setWritable(true));
  }

  /** An installation, and a Java of that version, which notes its arguments and writes archives. */
  private Path installed(String version) throws IOException {
    Path home = Files.createDirectories(dir.resolve("segtrain"));
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/pytorch-jni-2.7.1-0.36.0.jar"), "");
    Files.copy(LAUNCHER, home.resolve("bin/segtrain"));
    Files.writeString(dir.resolve("release"), "JAVA_RUNTIME_VERSION=\"%s\"\n".formatted(version));
    Files.writeString(
        dir.resolve("bin/java"),
        """
        #!/bin/sh
        echo "$*" >>'%s'
        for option; do
          case $option in
            -XX:ArchiveClassesAtExit=*)
              sleep 0.3
              [ -z "${FAILS:-}" ] || exit 1
              printf whole >"${option#*=}" ;;
          esac
        done
        """
            .formatted(dir.resolve("calls")));
    return home;
  }

  private Process started(Path home, Map<String, String> environment) throws IOException {
    ProcessBuilder process = new ProcessBuilder("/bin/sh", home.resolve("bin/segtrain").toString());
    process.environment().keySet().removeIf(name -> name.startsWith("SEGTRAIN_"));
    process.environment().put("JAVA_HOME", dir.toString());
    process.environment().put("DJL_CACHE_DIR", dir.toString());
    process.environment().putAll(environment);
    return process
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What an archive holds that a process behind the start writes, once that has ended. */
  private static String whenThere(Path archive) throws Exception {
    for (int i = 0; i < 1000; i++) {
      if (leftovers(archive.getParent()).isEmpty()
          && Files.exists(archive)
          && !Files.readString(archive).equals("old")) {
        return Files.readString(archive);
      }
      Thread.sleep(10);
    }
    throw new AssertionError("no " + archive);
  }

  private static List<String> leftovers(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".part")).toList();
    }
  }

  /** No Windows was at hand, so its script is read: see also {@link ArtifactsTest}. */
  @Test
  void theScriptForWindowsHoldsTogether() throws IOException {
    String script = Files.readString(LAUNCHER.resolveSibling("segtrain.bat"));
    String shell = Files.readString(LAUNCHER);
    assertEquals(0, script.replace("\r\n", "").chars().filter(c -> c == '\n').count());
    assertEquals(options(shell, "cu\\d{3}"), options(script, "cu\\d{3}"));
    for (String label : options(script, "(?<=goto )\\w+")) {
      assertTrue(script.contains("\r\n:%s\r\n".formatted(label)), label);
    }
    for (String variable : options(script, "(?<=%)[A-Z_]+(?=%)")) {
      assertTrue(
          script.contains("set \"%s=".formatted(variable))
              || script.contains("rem   %s".formatted(variable)),
          variable);
    }
    assertTrue(script.stripTrailing().endsWith("exit /b %errorlevel%"));
  }

  private static Set<String> options(String script, String pattern) {
    return Pattern.compile(pattern)
        .matcher(script)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String argumentsOfJava(Path home, Map<String, String> environment) throws Exception {
    ProcessBuilder process = new ProcessBuilder("/bin/sh", home.resolve("bin/segtrain").toString());
    process.environment().keySet().removeIf(name -> name.startsWith("PYTORCH_"));
    process.environment().put("SEGTRAIN_CUDA", "1");
    process.environment().put("JAVA_HOME", dir.toString());
    process.environment().put("DJL_CACHE_DIR", dir.toString());
    process.environment().putAll(environment);
    return output(process);
  }

  private String localeOfJava(Map<String, String> locale) throws Exception {
    ProcessBuilder process = new ProcessBuilder("/bin/sh", LAUNCHER.toString());
    process.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    process.environment().putAll(locale);
    process.environment().put("JAVA_HOME", dir.toString());
    process.environment().put("DJL_CACHE_DIR", dir.toString());
    return output(process);
  }

  private static String charmap(String locale) throws Exception {
    ProcessBuilder process = new ProcessBuilder("/bin/sh", "-c", "locale charmap || true");
    process.environment().put("LC_ALL", locale);
    return output(process).strip();
  }

  private static String output(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return text;
  }
}
