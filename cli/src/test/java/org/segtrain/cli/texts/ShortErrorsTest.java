package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.errors.DataException;

class ShortErrorsTest {

  private static String sentence(Throwable error) {
    return Sentences.of(error, Set.of("--batch", "--crop"));
  }

  @Test
  void theEnginesFullMemoryIsExplained() {
    String engines =
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 1099511627776 bytes. Error code 12 (Cannot allocate memory)";
    String sentence = sentence(new EngineException(engines));
    assertTrue(sentence.contains("no memory for an array of 1099511627776 bytes"), sentence);
    assertTrue(sentence.endsWith("lower --crop or --batch"), sentence);
  }

  @Test
  void adviceNamesOptionsThatTheCommandHas() {
    EngineException error = new EngineException("CUDA out of memory");
    assertTrue(Sentences.of(error, Set.of("--crop", "--out")).endsWith("; lower --crop"));
    assertTrue(Sentences.of(error, Set.of("--out")).endsWith("; end other programs"));
    String predicting = Sentences.of(error, Set.of("--crop", "--window")); // its crop is trained
    assertTrue(predicting.endsWith("cut images into windows, as by --window 512, or smaller ones"));
  }

  @Test
  void aGpusFullMemoryIsExplained() {
    String engines = "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total of ...";
    String sentence = sentence(new IllegalStateException(new EngineException(engines)));
    assertTrue(sentence.contains("20.00 GiB"), sentence);
  }

  @Test
  void aFullHeapIsExplained() {
    String sentence = sentence(new OutOfMemoryError("Java heap space"));
    assertTrue(sentence.contains("-Xmx"), sentence);
  }

  @Test
  void theFileForWhichThereWasNoMemoryIsNamed() {
    OutOfMemoryError full = new OutOfMemoryError("Java heap space");
    String sentence = sentence(HeapFull.of("a.png", full));
    assertTrue(sentence.startsWith("a.png did not fit into the Java heap"), sentence);
    assertTrue(sentence.contains("let it grow with SEGTRAIN_OPTS=-Xmx"), sentence);
  }

  @Test
  void anExceptionWithoutAMessageIsNamed() {
    String sentence = sentence(new NullPointerException());
    assertTrue(sentence.startsWith("unexpected NullPointerException"), sentence);
  }

  @Test
  void aMessageOfOursIsKept() {
    assertEquals("a.png is broken", sentence(new DataException("a.png is broken")));
  }
}
