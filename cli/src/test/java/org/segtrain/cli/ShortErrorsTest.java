package org.segtrain.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.segtrain.errors.DataException;

class ShortErrorsTest {

  @Test
  void theEnginesFullMemoryIsExplained() {
    String engines =
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 1099511627776 bytes. Error code 12 (Cannot allocate memory)";
    String sentence = Sentences.of(new EngineException(engines));
    assertTrue(sentence.contains("no memory for an array of 1099511627776 bytes"), sentence);
    assertTrue(sentence.endsWith("lower --crop or --batch"), sentence);
  }

  @Test
  void aGpusFullMemoryIsExplained() {
    String engines = "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total of ...";
    String sentence = Sentences.of(new IllegalStateException(new EngineException(engines)));
    assertTrue(sentence.contains("20.00 GiB"), sentence);
  }

  @Test
  void aFullHeapIsExplained() {
    String sentence = Sentences.of(new OutOfMemoryError("Java heap space"));
    assertTrue(sentence.contains("-Xmx"), sentence);
  }

  @Test
  void anExceptionWithoutAMessageIsNamed() {
    String sentence = Sentences.of(new NullPointerException());
    assertTrue(sentence.startsWith("unexpected NullPointerException"), sentence);
  }

  @Test
  void aMessageOfOursIsKept() {
    assertEquals("a.png is broken", Sentences.of(new DataException("a.png is broken")));
  }
}
