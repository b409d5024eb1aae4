package org.segtrain.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.metrics.Figure;
import org.segtrain.page.internal.LineChart.Point;

final class RunHistoryTest {

  @TempDir private Path folder;

  @Test
  void aLongSeriesKeepsItsMeanLowestAndHighest() {
    Thinned series = new Thinned();
    int steps = 160_000;
    for (int step = 1; step <= steps; step++) {
      series.add(step, step == 77_777 ? 1e6 : step);
    }
    List<Point> points = series.line("all").points();
    assertTrue(points.size() > Thinned.MOST / 2 && points.size() <= Thinned.MOST);
    assertEquals(1, points.get(0).low());
    assertEquals(steps, points.get(points.size() - 1).high());
    Point peak = points.stream().filter(point -> point.high() == 1e6).findFirst().orElseThrow();
    assertEquals(77_777, peak.x(), steps / (double) points.size());
    assertEquals(1e6, series.highest().orElseThrow());
    Point first = points.get(0);
    assertEquals((first.low() + first.high()) / 2, first.y(), 1e-9, "the mean of its span");
  }

  @Test
  void aShortSeriesIsKeptAsItIs() {
    Thinned series = new Thinned();
    series.add(2, 0.5);
    series.add(5, Double.NaN);
    series.add(9, 0.25);
    assertEquals(List.of(Point.of(2, 0.5), Point.of(9, 0.25)), series.line("all").points());
  }

  @Test
  void aLogIsReadAcrossSessionsAndItsDamageLeftOut() throws IOException {
    Path log = folder.resolve("log.jsonl");
    Files.writeString(
        log,
        """
        {"step":1,"loss":2.0,"losses":[1.5,0.5],"lr":0.1,"grad_norm":3.0,"images_per_s":4.0,"resident_mb":900}
        {"step":2,"loss":null,"losses":[1.0,0.5],"lr":0.1,"images_per_s":4.0,"resident_mb":901}
        {"step":2,"mean_iou":0.25,"mean_iou_interval":[0.2,0.3],"mean_accuracy":0.5,"accuracy":0.75}
        {"step":2,"resumed":true}
        [1, 2]
        {"step":3,"loss":1.0,"losses":[0.75,0.25],"lr":0.05,"grad_norm":1.0,"images_per_s":8.0,"resident_mb":800}
        {"step":4,"mean_iou":null,"mean_iou_interval":null}
        {"step":5,"lo\
        """);
    RunHistory history = new RunHistory();
    history.read(log);
    assertEquals(4, history.step());
    assertEquals(List.of(2.0), history.resumed());
    assertEquals(List.of(Point.of(1, 2), Point.of(3, 1)), history.of("loss").line("").points());
    assertEquals(2, history.parts().size());
    assertEquals(900, history.of("resident_mb").highest().orElseThrow());
    assertEquals(4 * (1 / 4.0 + 1 / 8.0), history.seconds(4), 1e-9);
    assertEquals(8 / history.seconds(4), history.imagesPerSecond().orElseThrow(), 1e-9);
    assertEquals(2, history.evaluations().size());
    Evaluated best = history.best(Figure.MEAN_IOU).orElseThrow();
    assertEquals(
        List.of(2.0, 0.25, 0.2),
        List.of((double) best.step(), best.of(Figure.MEAN_IOU), best.low()));
    assertTrue(Double.isNaN(best.of(Figure.MEAN_BOUNDARY_IOU)), "an older log has none");
  }

  @Test
  void aRunWithoutALogHasNoHistory() {
    RunHistory history = new RunHistory();
    history.read(folder.resolve("log.jsonl"));
    assertEquals(0, history.step());
    assertTrue(history.best(Figure.MEAN_IOU).isEmpty());
  }

  @Test
  void linesThatAreNoneAreLeftOutHoweverLongTheyAre() throws IOException {
    Path log = folder.resolve("damaged.jsonl");
    try (BufferedWriter out = Files.newBufferedWriter(log)) {
      out.write("{\"step\":1,\"loss\":2.5}\r\n[1]\nnull\n\n{\"step\":");
      String many = "x".repeat(1 << 20);
      for (int i = 0; i < 64; i++) {
        out.write(many);
      }
      out.write("\n{\"step\":2,\"loss\":1.5}\n{\"step\":3,\"lo");
    }
    RunHistory history = new RunHistory();
    history.read(log);
    assertEquals(2, history.step());
    assertEquals(List.of(Point.of(1, 2.5), Point.of(2, 1.5)), history.of("loss").line("").points());
  }
}
