package org.segtrain.page.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.page.internal.LineChart.Line;
import org.segtrain.page.internal.LineChart.Point;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class LineChartTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0        | 1       | 0 0.2 0.4 0.6 0.8 1
          0        | 160000  | 0 50,000 100,000 150,000 200,000
          0.331    | 0.348   | 0.33 0.335 0.34 0.345 0.35
          0        | 6e-5    | 0 2e-5 4e-5 6e-5
          -3       | 7       | -4 -2 0 2 4 6 8
          5        | 5       | 5 6
          0        | 0       | 0 2e-10
          """)
  void ticksAreRoundNumbersAroundTheValues(double low, double high, String expected) {
    Ticks ticks = Ticks.of(low, high, 6);
    assertEquals(expected, String.join(" ", ticks.places().stream().map(ticks::text).toList()));
    assertTrue(ticks.low() <= low && high <= ticks.high() + 1e-12);
  }

  @Test
  void isXmlThatSaysItsValues() throws Exception {
    List<Point> points =
        IntStream.rangeClosed(1, 100).mapToObj(i -> new Point(i, 1.0 / i, 0, 2.0 / i)).toList();
    Document chart =
        parsed(
            new LineChart(
                "loss",
                "Loss <of> \"a\" & b",
                "step",
                List.of(new Line("all", points), new Line("<part>", points.subList(0, 3))),
                List.of(50.0),
                "resumed after step"));
    assertEquals(2, chart.getElementsByTagName("polygon").getLength(), "a band of each line");
    assertEquals(2, chart.getElementsByTagName("polyline").getLength());
    assertEquals(3, chart.getElementsByTagName("circle").getLength(), "of the short line alone");
    assertEquals(
        "all: from 1 at 1 to 0.01 at 100, lowest 0, highest 2. <part>: from 1 at 1 to 0.3333 at 3,"
            + " lowest 0, highest 2.",
        chart.getElementsByTagName("desc").item(0).getTextContent());
    NodeList titles = chart.getElementsByTagName("title");
    assertEquals("Loss <of> \"a\" & b", titles.item(0).getTextContent());
    assertEquals("resumed after step 50", titles.item(1).getTextContent());
    assertEquals(
        "step 2: all: 0.5 (0 to 1), <part>: 0.5 (0 to 1)", titles.item(3).getTextContent());
  }

  @Test
  void aPointAloneIsDrawnAndNoneIsNoChart() throws Exception {
    Line none = new Line("none", List.of(Point.of(1, Double.NaN)));
    assertEquals("", new LineChart("a", "A", "step", List.of(none)).markup());
    Line one = new Line("one", List.of(Point.of(7, 0.5)));
    Document chart = parsed(new LineChart("a", "A", "step", List.of(one)));
    assertEquals(1, chart.getElementsByTagName("circle").getLength());
  }

  private static Document parsed(LineChart chart) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(chart.markup())));
  }
}
