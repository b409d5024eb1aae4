package org.segtrain.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is published: the modules, the BOM, the two launchers of the archive. */
class ArtifactsTest {

  private static final Path ROOT = Path.of("..");
  private static final Path BIN = ROOT.resolve("distribution/src/main/bin");
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>(segtrain-[a-z]+)</artifactId>");
  private static final Pattern MODULE_NAME = Pattern.compile("<module.name>([^<]+)</module.name>");
  private static final Pattern FLAG =
      Pattern.compile("(?<!\\S)-(?:X[mX]|Djava|Dai|Doffline)[^\\s=]*|org\\.segtrain\\.cli\\.\\w+");

  @Test
  void theBomListsEveryJar() throws IOException {
    Set<String> jars = new TreeSet<>();
    for (Path module : jarModules()) {
      // the first is the parent's
      jars.add(found(ARTIFACT, module.resolve("pom.xml")).get(1));
    }
    jars.add("segtrain-cuda"); // has no code of its own
    Set<String> listed = new TreeSet<>(found(ARTIFACT, ROOT.resolve("bom/pom.xml")));
    listed.removeAll(Set.of("segtrain-bom", "segtrain-parent"));

    assertEquals(jars, listed, "bom/pom.xml");
  }

  @Test
  void everyJarHasAModuleNameOfItsOwn() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path module : jarModules()) {
      List<String> own = found(MODULE_NAME, module.resolve("pom.xml"));
      assertEquals(1, own.size(), module + " wants one <module.name>");
      assertTrue(names.add(own.get(0)), own + " names two modules");
    }
  }

  @Test
  void noPackageIsInTwoJars() throws IOException {
    Map<String, Path> home = new TreeMap<>();
    for (Path module : jarModules()) {
      for (String name : packages(module.resolve("src/main/java"))) {
        Path other = home.put(name, module);
        assertTrue(other == null, "%s is in %s and %s".formatted(name, other, module));
      }
    }
  }

  @Test
  void bothLaunchersGiveTheSameFlagsToTheSameClass() throws IOException {
    Set<String> shell = flags("segtrain");
    assertTrue(shell.remove(UsualClasses.class.getName())); // that of Windows keeps no archive
    assertTrue(shell.contains(Segtrain.class.getName()), shell.toString());
    assertTrue(shell.size() >= 6, shell.toString());
    assertEquals(shell, flags("segtrain.bat"));
  }

  private static Set<String> flags(String launcher) throws IOException {
    return new TreeSet<>(found(FLAG, BIN.resolve(launcher)));
  }

  private static List<Path> jarModules() throws IOException {
    return found(MODULE, ROOT.resolve("pom.xml")).stream()
        .map(ROOT::resolve)
        .filter(module -> Files.isDirectory(module.resolve("src/main/java")))
        .toList();
  }

  private static Set<String> packages(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> sources.relativize(file.getParent()).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static List<String> found(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file, UTF_8))
        .results()
        .map(ArtifactsTest::last)
        .toList();
  }

  private static String last(MatchResult match) {
    return match.group(match.groupCount());
  }
}
