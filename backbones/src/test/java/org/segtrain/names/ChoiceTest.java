package org.segtrain.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  /** As in a file that went bad. */
  @Test
  void aNameOfAMillionLettersTakesNoTime() {
    String name = "apple".repeat(200_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertEquals(Optional.empty(), FRUIT.nearest(name)));
  }
}
