package org.segtrain.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.train.Progress;
import org.segtrain.train.StepReport;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;
import org.segtrain.train.Training;
import org.segtrain.train.TrainingBuilder;

final class RunPageTest {

  private static final TrainConfig CONFIG =
      TinyRuns.config("{\"iterations\": 4, \"accumulate\": 1, \"evalEvery\": 2}");
  private static final TinyData DATA =
      TinyData.STANDARD.withClasses("<b>sky</b>", "tree & \"bush\"", "{{body}}");

  @TempDir static Path folder;

  private static RunFolder run;
  private static String page;

  @BeforeAll
  static void train() throws IOException {
    run = new RunFolder(folder.resolve("run <1>"));
    training(run, new ArrayList<>())
        .optOrigins(Map.of("data.crop", "option", "run.seed", "built in"))
        .build()
        .run();
    page = Files.readString(run.report());
  }

  private static TrainingBuilder training(RunFolder into, List<String> told) {
    Progress progress =
        new Progress() {
          @Override
          public void message(String line) {
            told.add(line);
          }
        };
    return Training.builder()
        .setConfig(CONFIG)
        .setDataset(DATA)
        .optResources(TinyRuns.oneThread(1))
        .setFolder(into.dir())
        .optProgress(progress);
  }

  private static List<String> found(String pattern) {
    return Pattern.compile(pattern).matcher(page).results().map(MatchResult::group).toList();
  }

  @Test
  void hasAllThatARunDid() {
    for (String part :
        List.of(
            "ended, step 4 of 4",
            "Best mIoU 0.",
            "<h3>Loss</h3>",
            "<h3>Learning rate</h3>",
            "<h3>Gradient norm before clipping</h3>",
            "<h3>Throughput, images per second</h3>",
            "<h3>mIoU with its 95 % interval</h3>",
            "<h2>Classes</h2>",
            "<h2>Confusion</h2>",
            "Worst 1: ",
            "Best 1: ",
            "<th scope=\"row\">data.crop</th><td>32</td>",
            "<td>option</td>",
            "<th scope=\"row\">PyTorch</th>",
            "segtrain --config '"
                + run.config().toString().replace("<", "&lt;").replace(">", "&gt;"))) {
      assertTrue(page.contains(part.replace("'", "&#39;")), part);
    }
  }

  @Test
  void tellsTheMemoryOfAGpuWhereThereIsOne() throws IOException {
    assertFalse(page.contains("GPU memory"));
    Path own = Files.createDirectory(folder.resolve("on a GPU"));
    for (Path file : List.of(run.config(), run.log(), run.last())) {
      Files.copy(file, own.resolve(file.getFileName()));
    }
    RunFolder copy = new RunFolder(own);
    String log = Files.readString(copy.log());
    Files.writeString(
        copy.log(), log.replace("\"resident_mb\":", "\"gpu_mb\":4711,\"resident_mb\":"));
    Path other = folder.resolve("gpu.html");
    RunPage.write(own, other);
    String shown = Files.readString(other);
    assertTrue(shown.contains("<h3>GPU memory in use, MiB</h3>"));
    assertTrue(shown.contains("<dt>peak memory of the GPU</dt><dd>4,711 MiB</dd>"));
  }

  @Test
  void holdsAllItShowsAndNoNameIsMarkup() {
    assertFalse(page.contains("<b>sky"));
    assertFalse(page.contains("{{body}}"));
    assertTrue(page.contains("&lt;b&gt;sky"));
    assertEquals(List.of(), found("(?:src|href)=\"(?!data:)[^\"]*"));
    assertEquals(List.of(), found("url\\(|@import|https?://(?!www\\.w3\\.org)[^\"<]*"));
  }

  @Test
  void everyPictureHasATextEveryHeadAScopeAndEveryIdIsOne() {
    List<String> pictures = found("<img [^>]*>");
    assertEquals(8, pictures.size(), "four of each image");
    assertTrue(pictures.stream().allMatch(image -> image.matches("(?s).* alt=\"\\w[^\"]+\".*")));
    assertTrue(found("<th(?=[ >])[^>]*>").stream().allMatch(head -> head.contains("scope=")));
    assertTrue(
        found("<svg [^>]*>").stream()
            .allMatch(svg -> svg.contains("role=\"img\"") && svg.contains("aria-label")));
    List<String> ids = found("\\bid=\"[^\"]*\"");
    assertEquals(ids.size(), Set.copyOf(ids).size());
    Set<String> named = new TreeSet<>();
    found("aria-labelledby=\"[^\"]*\"")
        .forEach(names -> named.addAll(List.of(names.split("[\" ]")).subList(1, 3)));
    named.forEach(name -> assertTrue(ids.contains("id=\"" + name + "\""), name));
  }

  @Test
  void isTheSameFromTheFolder() throws IOException {
    Path again = folder.resolve("again.html");
    RunPage.write(run.dir(), again);
    Pattern minute = Pattern.compile("Written on [0-9: -]+");
    assertEquals(
        minute.matcher(page).replaceAll(""),
        minute.matcher(Files.readString(again)).replaceAll(""));
    RunPage.write(run.dir(), again); // over its own
  }

  @Test
  void noFileOfOthersIsReplaced() throws IOException {
    Path other = Files.writeString(folder.resolve("other.html"), "<html>mine");
    assertRefused(() -> RunPage.write(run.dir(), other), "was not written by this command");
    assertEquals("<html>mine", Files.readString(other));
    assertRefused(() -> RunPage.write(folder, other), "was not written by this command");
    Path none = folder.resolve("none.html");
    assertRefused(() -> RunPage.write(folder, none), "holds no run");
  }

  @Test
  void theBestEvaluationIsKeptImageByImage() {
    EvaluationPart part = EvaluationPart.read(run.evaluation());
    assertEquals(2, part.evaluation().images().size());
    assertEquals(DATA.classes(), part.evaluation().classes());
    assertEquals(part, EvaluationPart.merge(List.of(run.evaluation())));
  }

  @Test
  void aRunThatIsStoppedAndResumedShowsBothSessions(@TempDir Path other) throws IOException {
    RunFolder resumed = new RunFolder(other.resolve("run"));
    Training[] self = new Training[1];
    Progress stops =
        new Progress() {
          @Override
          public void step(StepReport step) {
            self[0].requestStop();
          }
        };
    self[0] = training(resumed, List.of()).optProgress(stops).build();
    self[0].run();
    String first = Files.readString(resumed.report());
    assertTrue(first.contains("stopped before its last step, step 1 of 4"), first);
    assertTrue(first.contains("No evaluation has a figure yet."), first);
    training(resumed, new ArrayList<>()).build().run();
    String second = Files.readString(resumed.report());
    assertTrue(second.contains("ended, step 4 of 4"));
    assertTrue(second.contains("resumed after step 1</title>"));
    assertTrue(second.contains("step 1: ") && second.contains("step 4: "), "all steps");
  }

  @Test
  void aReportThatCannotBeWrittenEndsNoTraining(@TempDir Path other) throws IOException {
    RunFolder hurt = new RunFolder(other.resolve("run"));
    List<String> told = new ArrayList<>();
    Training[] self = new Training[1];
    Progress spoils =
        new Progress() {
          @Override
          public void message(String line) {
            told.add(line);
          }

          @Override
          public void step(StepReport step) {
            if (step.step() == 1) {
              write(hurt.report());
            }
          }
        };
    self[0] = training(hurt, told).optProgress(spoils).build();
    assertEquals(4, self[0].run().step());
    assertEquals("mine", Files.readString(hurt.report()));
    List<String> once = told.stream().filter(line -> line.contains("report")).toList();
    assertEquals(1, once.size(), told.toString());
    assertTrue(once.get(0).contains("was not written by this command"), once.get(0));
  }

  private static void write(Path file) {
    try {
      Files.writeString(file, "mine");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Tag("slow")
  @Test
  void manyClassesAndLargeImagesStayUnderTwoMegabytes(@TempDir Path other) throws IOException {
    RunFolder large = LargeRun.in(other, 3000);
    RunPage.write(other, large.report());
    long size = Files.size(large.report());
    assertTrue(size < 2_000_000, "%,d bytes".formatted(size));
    String written = Files.readString(large.report());
    assertTrue(written.contains("class number %d<".formatted(LargeRun.CLASSES - 1)));
    assertEquals(24, written.split("<img ", -1).length - 1);
  }

  @Test
  void aPictureThatIsGoneIsLeftOut(@TempDir Path other) throws IOException {
    RunFolder copy = new RunFolder(other);
    for (Path file : List.of(run.config(), run.log(), run.evaluation(), run.session())) {
      Files.copy(file, other.resolve(file.getFileName()));
    }
    Files.createDirectory(copy.predictions());
    ImageFiles.writeRgb(copy.example("worst", 1), new Picture(4, 1, new byte[12]));
    Files.writeString(copy.example("best", 1), "no picture");
    RunPage.write(other, copy.report());
    String written = Files.readString(copy.report());
    assertTrue(written.contains("Worst 1: ") && !written.contains("Best 1: "));
  }
}
