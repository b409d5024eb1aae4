package org.segtrain.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.config.Overlay;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Split;
import org.segtrain.export.AnyModel;
import org.segtrain.inference.EvaluationPart;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.inference.ModelInUse;
import org.segtrain.inference.Resources;
import org.segtrain.inference.Shard;
import org.segtrain.metrics.Evaluation;
import org.segtrain.spark.OnSpark.Outcome;

class EvalJobTest {

  @TempDir private Path dir;

  @Test
  void countsAreThoseOfOneProcessForAnyPartitions() throws IOException {
    Evaluation alone;
    EvaluationPart part;
    try (ModelInUse model =
        AnyModel.open(OnSpark.model(), Resources.start("cpu", 1, 1), Overlay.of("test"))) {
      Dataset data = FolderDataset.open(OnSpark.folder().resolve("data"));
      alone = model.evaluate(data, Split.VALIDATION, Shard.WHOLE, EvaluationProgress.NONE);
      part =
          new EvaluationPart(
              Shard.WHOLE,
              EvaluationSource.of(model, model.config(), data, Split.VALIDATION),
              EvaluationPart.identity(model, model.config(), data, Split.VALIDATION),
              List.of(),
              alone);
    }
    for (int partitions : new int[] {1, 2, 7}) {
      Path out = dir.resolve("out" + partitions);
      Outcome done =
          eval(OnSpark.images(), out, "--masks", OnSpark.masks(), "--partitions", partitions);
      assertEquals(0, done.code(), done.err());
      EvaluationPart read = EvaluationPart.merge(List.of(out.resolve("evaluation.json")));
      assertEquals(alone, read.evaluation());
      assertEquals(part.identity(), read.identity(), "of the same evaluation");
      assertTrue(done.out().contains("mIoU 0."), done.out());
    }
  }

  @Test
  void masksOfAManifestStandBehindTabs() throws IOException {
    Path masks = OnSpark.folder().resolve("data/annotations/validation");
    Path small = dir.resolve("small.png");
    ImageFiles.writeMask(small, 4, 3, new byte[12], Palette.of(2));
    Path odd = dir.resolve("odd.png");
    byte[] labels = new byte[OnSpark.WIDTH * OnSpark.HEIGHT];
    labels[5] = 9;
    ImageFiles.writeMask(odd, OnSpark.WIDTH, OnSpark.HEIGHT, labels, Palette.of(2));
    List<String> lines =
        List.of(
            OnSpark.images() + "/a.png\t" + masks + "/a.png",
            OnSpark.images() + "/b.png\t" + small,
            OnSpark.images() + "/c.png\t" + odd,
            OnSpark.images() + "/streets/north/a.png\t" + dir.resolve("zz.png"),
            OnSpark.images() + "/streets/süd/d e.png");
    Path manifest = Files.write(dir.resolve("list"), lines);

    Outcome done = eval(manifest, dir.resolve("out"));
    assertEquals(1, done.code(), done.out());
    String err = done.err();
    assertTrue(err.contains("its mask %s is 4 x 3; make them one size".formatted(small)), err);
    assertTrue(err.contains("label 9 in %s (column 5, row 0)".formatted(odd)), err);
    assertTrue(err.contains("zz.png: there is no such file"), err);
    assertTrue(err.contains("d e.png has no mask; write its path behind a tab"), err);
    assertTrue(err.contains("4 of 5 images failed, the others are done"), err);
    EvaluationPart read = EvaluationPart.merge(List.of(dir.resolve("out/evaluation.json")));
    assertEquals(1, read.evaluation().images().size());
    assertEquals(4, read.unread().size());

    Outcome none = eval(OnSpark.images(), dir.resolve("none"));
    assertEquals(2, none.code(), none.err());
    assertTrue(none.sentence().contains("give --masks PATTERN"), none.err());
  }

  @Test
  void optionsSayWhatValuesMean() throws IOException {
    Path out = dir.resolve("out");
    Outcome shifted =
        eval(OnSpark.images(), out, "--masks", OnSpark.masks(), "--first", 1, "--void", "0");
    assertEquals(1, shifted.code());
    assertTrue(shifted.err().contains("say what its values mean with --first, --void or --labels"));
    assertTrue(shifted.sentence().contains("label 255 in " + OnSpark.folder()), shifted.err());
    Outcome named =
        eval(
            OnSpark.images(),
            out,
            "--masks",
            OnSpark.masks(),
            "--first",
            "1",
            "--void",
            "0",
            "--labels",
            "255=void");
    assertEquals(0, named.code(), named.err());
    String counts =
        EvaluationPart.merge(List.of(out.resolve("evaluation.json")))
            .evaluation()
            .confusion()
            .stream()
            .map(row -> row.stream().mapToLong(Long::longValue).sum() > 0 ? "some" : "none")
            .collect(Collectors.joining(" "));
    assertEquals("some none", counts);
  }

  @Test
  void whatIsWrongIsSaidBeforeAnyImageIsMeasured() throws IOException {
    Path out = dir.resolve("out");
    for (String labels : List.of("x", "0=nowhere", "9-1=void", "0=left,0=right")) {
      Outcome wrong = eval(OnSpark.images(), out, "--masks", OnSpark.masks(), "--labels", labels);
      assertEquals(2, wrong.code(), labels + ": " + wrong.err());
      assertEquals(2, wrong.err().lines().count(), wrong.err());
    }
    Outcome one = eval(OnSpark.images(), out, "--masks", OnSpark.folder() + "/mask.png");
    assertEquals(2, one.code(), one.err());
    assertTrue(one.sentence().contains("--masks must have {name}"), one.err());
    assertTrue(Files.notExists(out) || OnSpark.files(out).isEmpty());

    assertEquals(0, eval(OnSpark.images(), out, "--masks", OnSpark.masks()).code());
    String before = Files.readString(out.resolve("evaluation.json"));
    Outcome none = eval(OnSpark.images(), out, "--masks", OnSpark.folder() + "/zz/{name}.png");
    assertEquals(1, none.code(), none.out());
    assertTrue(none.err().contains("5 of 5 images failed; all are in"), none.err());
    assertEquals(before, Files.readString(out.resolve("evaluation.json")));

    Files.writeString(out.resolve("job.json"), "{}");
    Outcome masks = eval(OnSpark.images(), out, "--masks", OnSpark.masks());
    assertEquals(1, masks.code());
    assertTrue(masks.sentence().contains("has the masks of a prediction"), masks.err());
  }

  private static Outcome eval(Path images, Path out, Object... more) {
    Object[] words = new Object[7 + more.length];
    Object[] first = {"eval", "--model", OnSpark.model(), "--images", images, "--out", out};
    System.arraycopy(first, 0, words, 0, first.length);
    System.arraycopy(more, 0, words, first.length, more.length);
    return OnSpark.command(words);
  }
}
