package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.cli.texts.ShortErrors;
import org.segtrain.errors.DataException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Whatever a command throws, a person reads one sentence. */
class ErrorsTest {

  /** A command that fails in some way. */
  @Command(name = "fail")
  private record Failing(Throwable error) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      if (error instanceof Error fatal) {
        throw fatal;
      }
      throw (Exception) error;
    }
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(new OutOfMemoryError("Java heap space"), "the Java heap of at most"),
        Arguments.of(
            new OutOfMemoryError("unable to create native thread: possibly out of memory"),
            "begin no more threads; lower --threads"),
        Arguments.of(deepRecursion(), "the Java stack is full"),
        Arguments.of(new InternalError("no fonts"), "unexpected InternalError (no fonts); run"),
        Arguments.of(
            new ExceptionInInitializerError(new IllegalStateException("no table")),
            "cannot start (no table)"),
        Arguments.of(new NoClassDefFoundError("org/x/Y"), "is missing or cannot start (org/x/Y)"),
        Arguments.of(
            new NoClassDefFoundError("org/x/Y").initCause(new UnsatisfiedLinkError("x.so: cut")),
            "a native library cannot be loaded (x.so: cut); remove the folder"),
        Arguments.of(
            new IllegalStateException(new UnsatisfiedLinkError("x.so: cut")),
            "a native library cannot be loaded"),
        Arguments.of(
            new DirectoryIteratorException(new NoSuchFileException("a/b")),
            "cannot read or write a/b: there is no such file"),
        Arguments.of(
            new UncheckedIOException(new FileNotFoundException("c (Is a directory)")),
            "cannot read or write a file: c (Is a directory)"),
        Arguments.of(
            new NullPointerException("\"x\" is null"), "unexpected NullPointerException ("),
        Arguments.of(new ArrayIndexOutOfBoundsException("3"), "unexpected ArrayIndexOutOf"),
        Arguments.of(new IOException("the disk is gone"), "the disk is gone"),
        Arguments.of(
            new DataException("cannot write m.pt: No space left on device"),
            "No space left on device; make room"),
        Arguments.of(
            new IllegalStateException(
                "Failed to extract PyTorch native library",
                new FileSystemException("/full/libc10.so", null, "No space left on device")),
            "unpacked to /full/libc10.so: No space left on device; make room there, or set DJL_CACHE_DIR"),
        Arguments.of(
            new NoClassDefFoundError("ai/onnxruntime/X")
                .initCause(new IOException("/t/onnx.so: No space left on device")),
            "make room there, or name another temporary folder"),
        Arguments.of(
            new UnsatisfiedLinkError("x.so: failed to map segment from shared object"),
            "raise its limit (ulimit -v)"),
        Arguments.of(
            new IllegalStateException(
                new InvalidPathException("a\0b", "Nul character not allowed")),
            "\"a\\u0000b\" is no path on this system; write another"));
  }

  private static Error deepRecursion() {
    try {
      return new AssertionError(depth(0));
    } catch (StackOverflowError e) {
      return e;
    }
  }

  private static int depth(int level) {
    return level < 0 ? level : depth(level + 1) + 1;
  }

  @ParameterizedTest
  @MethodSource("errors")
  void isOneSentence(Throwable error, String part) {
    Outcome outcome = outcome(error);
    assertEquals(1, outcome.code());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.sentence().startsWith("segtrain fail: "), outcome.err());
    assertTrue(outcome.sentence().contains(part), outcome.err());
  }

  @Test
  void anErrorHasItsStackTraceIfItIsAskedFor() {
    Outcome outcome = outcome(new InternalError("no fonts"), "--stacktrace");
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("\tat org.segtrain.cli.ErrorsTest"), outcome.err());
  }

  @Test
  void anErrorOfAnotherThreadIsOneSentenceToo() throws InterruptedException {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Thread thread =
          new Thread(
              () -> {
                throw new StackOverflowError();
              });
      thread.setUncaughtExceptionHandler(ShortErrors::uncaught);
      thread.start();
      thread.join();
    } finally {
      System.setErr(before);
    }
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.startsWith("segtrain: the Java stack is full"), said);
  }

  private static Outcome outcome(Throwable error, String... options) {
    CommandLine command = Segtrain.commandLine().addSubcommand(new Failing(error));
    StringWriter err = new StringWriter();
    command.setErr(new PrintWriter(err));
    String[] words = Stream.concat(Stream.of("fail"), Stream.of(options)).toArray(String[]::new);
    return new Outcome(command.execute(words), "", err.toString());
  }
}
