package org.segtrain.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.MalformedInputException;
import org.junit.jupiter.api.Test;

class BriefTest {

  @Test
  void aSentenceThatQuotesAFileKeepsItsBeginningAndWhatToDo() {
    String quoted = "x".repeat(100_000);
    String sentence = "line 1 of a.txt is \"%s\"; correct it".formatted(quoted);
    for (RuntimeException e :
        new RuntimeException[] {new DataException(sentence), new UsageException(sentence)}) {
      assertTrue(e.getMessage().length() < 2000);
      assertTrue(e.getMessage().startsWith("line 1 of a.txt is \"xxx"));
      assertTrue(e.getMessage().endsWith("xxx\"; correct it"));
    }
    assertEquals("the key \"a\\u000ab\" is", new DataException("the key \"a\nb\" is").getMessage());
    assertEquals("as it is", new DataException("as it is").getMessage());
  }

  @Test
  void theReasonIsInWordsOfPeople() {
    assertEquals("it is no UTF-8 text", IoReason.of(new MalformedInputException(1)));
  }
}
