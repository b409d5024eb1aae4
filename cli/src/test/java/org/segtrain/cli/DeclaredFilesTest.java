package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that lie or are painted otherwise, through the command. */
class DeclaredFilesTest {

  @TempDir private Path dir;

  private TinyFolder data;

  @BeforeEach
  void writesData() throws IOException {
    data = TinyFolder.in(dir.resolve("data"), "left", "right");
  }

  @Tag("slow")
  @Test
  void binaryMasksAreRefusedUntilTheForegroundHasAClass() {
    for (String split : new String[] {"training", "validation"}) {
      for (String name : new String[] {"a", "b"}) {
        data.writeMask(split, name, TinyFolder.WIDTH, TinyFolder.HEIGHT, 255);
      }
    }
    Outcome refused = train("--out", dir.resolve("refused").toString());
    assertEquals(1, refused.code());
    assertTrue(
        refused.sentence().contains("all of 2 training masks have no class but \"left\" and void"),
        refused.sentence());
    assertTrue(refused.sentence().contains("--labels 255=right"), refused.sentence());
    Path run = dir.resolve("run");
    Outcome trained = train("--out", run.toString(), "--labels", "255=right");
    assertEquals(0, trained.code(), trained.err());
    Outcome eval = Outcome.of("eval", run);
    assertEquals(0, eval.code(), eval.err());
    assertTrue(eval.out().lines().noneMatch(line -> line.matches("right +- .*")), eval.out());
  }

  /** A run remembers where its files are, and the colours of its classes. */
  @Test
  void aRunRemembersWhatWasDeclared() throws IOException {
    Files.writeString(data.dir().resolve("classes.txt"), "left #102030\nright #405060\n");
    for (String split : new String[] {"training", "validation"}) {
      Files.move(data.image(split, "a"), data.dir().resolve(split + "-a.png"));
      Files.move(data.mask(split, "a"), data.dir().resolve(split + "-a_mask.png"));
    }
    Path run = dir.resolve("run");
    Outcome trained =
        train(
            "--out",
            run.toString(),
            "--image-files",
            "{split}-{name}",
            "--mask-files",
            "{split}-{name}_mask.png");
    assertEquals(0, trained.code(), trained.err());
    assertEquals(0, Outcome.of("eval", run).code());
    Outcome resumed = Outcome.of("--resume", run, "--iterations", "2");
    assertEquals(0, resumed.code(), resumed.err());
    Path out = dir.resolve("out");
    Outcome predicted =
        Outcome.of("predict", run, data.dir().resolve("training-a.png"), "--out", out);
    assertEquals(0, predicted.code(), predicted.err());
    String legend = Files.readString(out.resolve("legend.json"));
    assertTrue(legend.contains("#102030") && legend.contains("#405060"), legend);
  }

  /** Also from another folder than that in which they were named. */
  @Test
  void aRunRemembersTheFoldersThatWereJoined() throws IOException {
    Path second = Files.createDirectory(dir.resolve("b=2"));
    TinyFolder.in(second, "left", "right");
    Path run = dir.resolve("run");
    Path named = Path.of("").toAbsolutePath().relativize(second);
    Outcome trained = train("--out", run.toString(), "--data", named + "=0.5");
    assertEquals(0, trained.code(), trained.err());
    assertTrue(
        trained
            .out()
            .contains(
                "an epoch has 2 of 2 training images of %s, 1 of 2 of %s"
                    .formatted(data.dir(), named)),
        trained.out());
    String config = Files.readString(run.resolve("config.json"));
    assertTrue(config.contains("\"%s\"".formatted(second)), config);
    assertEquals(0, Outcome.of("eval", run).code());
    Outcome resumed = Outcome.of("--resume", run, "--iterations", "2");
    assertEquals(0, resumed.code(), resumed.err());
    assertEquals(0, Outcome.of("eval", run, "--data", second).code());
    assertEquals(0, Outcome.of("eval", run, "--data", second, "--data", data.dir()).code());
    Outcome weighted = Outcome.of("eval", run, "--data", second + "=3");
    assertEquals(2, weighted.code());
    assertTrue(weighted.sentence().contains("counts in training only"), weighted.sentence());
    Files.writeString(second.resolve("classes.txt"), "left\nwrong\n");
    Outcome other = Outcome.of("--resume", run, "--iterations", "3");
    assertEquals(1, other.code());
    assertTrue(other.sentence().contains("class 1 is \"right\", but"), other.sentence());
  }

  @Tag("slow")
  @Test
  void aTestSplitIsMeasuredIfThereIsOne() throws IOException {
    Path run = dir.resolve("run");
    assertEquals(0, train("--out", run.toString()).code());
    Outcome none = Outcome.of("eval", run, "--split", "test");
    assertEquals(1, none.code());
    assertTrue(none.sentence().contains("the data set has no test images"), none.sentence());
    Files.move(data.dir().resolve("images/training"), data.dir().resolve("images/test"));
    Files.move(data.dir().resolve("annotations/training"), data.dir().resolve("annotations/test"));
    Files.move(data.dir().resolve("images/validation"), dir.resolve("elsewhere"));
    Outcome measured = Outcome.of("eval", run, "--split", "test");
    assertEquals(0, measured.code(), measured.err());
  }

  @Test
  void noSizeIsSaidWhereNoImageCanBeRead() throws IOException {
    Files.write(data.image("training", "a"), new byte[0]);
    Files.write(data.image("training", "b"), new byte[0]);
    Outcome refused = train("--out", dir.resolve("run").toString(), "--on-error", "skip");
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.out().contains("2 classes, fp32 on cpu with 1 thread;"), refused.out());
    assertTrue(refused.out().lines().noneMatch(line -> line.contains(" images (")), refused.out());
    assertTrue(refused.out().lines().noneMatch(line -> line.contains("640")), refused.out());
  }

  private Outcome train(String... more) {
    String[] base = {
      "--backbone",
      "pvt_tiny",
      "--dataset",
      "folder",
      "--data",
      data.dir().toString(),
      "--crop",
      "32",
      "--batch",
      "2",
      "--iterations",
      "1",
      "--precision",
      "fp32",
      "--threads",
      "1",
      "--workers",
      "1",
      "--device",
      "cpu"
    };
    return Outcome.of(
        Stream.concat(Arrays.stream(base), Arrays.stream(more)).toArray(Object[]::new));
  }
}
