package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

final class ScreenTest {

  private static final long PAUSE = 100_000_000; // nanoseconds

  @Test
  void linesStayAboveTheOneThatChanges() {
    ShownTerminal terminal = new ShownTerminal(80);
    Screen screen = Screen.of(terminal.spec());
    screen.show("10 %");
    terminal.out().println("a line");
    screen.show("20 %");
    terminal.spec().commandLine().getErr().println("a line of errors");
    assertEquals(List.of("a line", "a line of errors", "20 %"), terminal.rows());
    screen.show("");
    terminal.out().println("the last");
    assertEquals(List.of("a line", "a line of errors", "the last"), terminal.rows());
  }

  @Test
  void aLineThatIsBegunWaitsForItsEnd() {
    ShownTerminal terminal = new ShownTerminal(80);
    Screen screen = Screen.of(terminal.spec());
    screen.show("10 %");
    terminal.out().print("half ");
    terminal.out().flush();
    assertEquals(List.of("10 %"), terminal.rows());
    terminal.out().print("and half\nnext");
    assertEquals(List.of("half and half", "10 %"), terminal.rows());
    screen.show("");
    terminal.out().flush();
    assertEquals(List.of("half and half", "next"), terminal.rows());
  }

  @Test
  void namesCannotSteerTheTerminal() {
    ShownTerminal terminal = new ShownTerminal(80);
    terminal.out().println("class \u001b[2J\u202ered");
    Screen.of(terminal.spec()).show("bar \u001b[1A");
    assertEquals(List.of("class \\u001b[2J\\u202ered", "bar \\u001b[1A"), terminal.rows());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 80, 40, 20})
  void barAndLinesOfManyThreadsLeaveEachLineWhole(int columns) throws InterruptedException {
    ShownTerminal terminal = new ShownTerminal(columns);
    Screen screen = Screen.of(terminal.spec());
    try (Bar bar = Bar.of(screen, "measuring", " images")) {
      bar.at(1, 20);
      Thread other =
          new Thread(() -> IntStream.range(0, 10).forEach(i -> screen.say("other " + i)));
      other.start();
      for (int i = 0; i < 10; i++) {
        terminal.out().println("line " + i);
        bar.at(i + 2, 20);
      }
      other.join();
      List<String> rows = terminal.rows();
      for (int i = 0; i < 200 && rows.size() < 21; i++) {
        LockSupport.parkNanos(PAUSE); // a thread of the library draws the bar
        rows = terminal.rows();
      }
      assertEquals(21, rows.size(), rows.toString());
      String last = rows.get(20);
      assertTrue(last.startsWith("measuring"), last);
      assertTrue(last.length() < columns && last.length() <= 79, last);
    }
    List<String> rows = terminal.rows();
    List<String> own = rows.stream().filter(row -> row.startsWith("line")).toList();
    assertEquals(IntStream.range(0, 10).mapToObj(i -> "line " + i).toList(), own);
    assertEquals(20, rows.size(), rows::toString);
  }

  @Test
  void aStepThatIsMadeWhileTheBarIsDrawnIsDrawn() throws InterruptedException {
    Slow slow = new Slow();
    CommandLine command = new CommandLine(new Quiet());
    command.setErr(new PrintWriter(slow));
    Screen.install(command, new Window.Of(80, true));
    try (Bar bar = Bar.of(Screen.of(command.getCommandSpec()), "measuring", " images")) {
      bar.at(20, 100);
      assertTrue(slow.begun.await(20, TimeUnit.SECONDS));
      bar.at(21, 100);
      slow.goOn.countDown();
      assertTrue(slow.drawn.await(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void whereNobodyWatchesThereIsNoBar() {
    CommandLine command = new CommandLine(new Quiet());
    StringWriter err = new StringWriter();
    command.setErr(new PrintWriter(err));
    Screen.install(command, Window.none());
    Screen screen = Screen.of(command.getCommandSpec());
    assertFalse(screen.isWatched());
    try (Bar bar = Bar.of(screen, "measuring", " images")) {
      bar.at(1, 2);
      bar.at(2, 2);
    }
    assertEquals("", err.toString());
  }

  @Test
  void eachCommandHasOne() {
    CommandSpec bare = CommandSpec.create().name("bare");
    new CommandLine(bare);
    assertThrows(IllegalStateException.class, () -> Screen.of(bare));
  }

  /** A terminal that takes its time over the first drawing. */
  private static final class Slow extends Writer {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final CountDownLatch drawn = new CountDownLatch(1); // step 21

    @Override
    public void write(char[] letters, int from, int length) throws IOException {
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException(e.toString());
      }
      if (new String(letters, from, length).contains(" 21%")) {
        drawn.countDown();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Writes nothing. */
  @Command(name = "quiet")
  private static final class Quiet {}
}
