package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
