package org.segtrain.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.errors.UsageException;

class ChoiceTest {

  private static final Choice FRUIT = new Choice("fruit", List.of("apple", "pear"));

  @Test
  void anUnknownNameIsAMistakeOfTheUserWithTheNearestOne() {
    UsageException mistake = assertThrows(UsageException.class, () -> FRUIT.index("aple"));
    assertEquals(
        "unknown fruit \"aple\"; did you mean apple? Known: apple, pear", mistake.getMessage());
  }

  @Test
  void nothingIsSuggestedThatIsFarAway() {
    UsageException mistake = assertThrows(UsageException.class, () -> FRUIT.index("coconut"));
    assertEquals("unknown fruit \"coconut\"; known: apple, pear", mistake.getMessage());
  }
}
