package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Java that only says what it was started with. */
class LauncherTest {

  private static final Path LAUNCHER = Path.of("../distribution/src/main/bin/segtrain");

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
