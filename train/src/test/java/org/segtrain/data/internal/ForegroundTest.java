package org.segtrain.data.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Dataset;
import org.segtrain.data.Refusals;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;

final class ForegroundTest {

  private static final List<String> TWO = List.of("ground", "crack");

  @Test
  void binaryMasksAreRefused() {
    Refusals.assertRefused(
        () -> Foreground.look(new Masks(TWO, 3, 3)),
        "all of 3 training masks have no class but \"ground\" and void",
        "files.labels 255=crack");
  }

  @Test
  void oneMaskWithAnotherClassIsEnough() {
    assertEquals(Optional.empty(), Foreground.look(new Masks(TWO, 3, 2)));
  }

  @Test
  void whereNotAllWereLookedAtItIsOnlySaid() {
    String sentence = Foreground.look(new Masks(TWO, 201, 201)).orElseThrow();
    assertTrue(sentence.startsWith("200 looked at of 201 training masks"), sentence);
  }

  @Test
  void aSingleClassIsSaid() {
    String sentence = Foreground.look(new Masks(List.of("crack"), 3, 3)).orElseThrow();
    assertTrue(sentence.contains("one class only, \"crack\""), sentence);
  }

  @Test
  void masksThatAreVoidAloneAreSaid() {
    String sentence = Foreground.look(new Voids(300, 300)).orElseThrow();
    assertTrue(
        sentence.startsWith(
            "warning: all 300 training masks are void, so nothing would be learnt; label them"),
        sentence);
    assertEquals(Optional.empty(), Foreground.look(new Voids(300, 299)), "one is enough");
  }

  /** Masks that are void, but for one. */
  private record Voids(int count, int labelled) implements Dataset {

    @Override
    public String name() {
      return "voids";
    }

    @Override
    public List<String> classes() {
      return TWO;
    }

    @Override
    public int size(Split split) {
      return count;
    }

    @Override
    public String file(Split split, int index) {
      return "mask " + index;
    }

    @Override
    public Sample read(Split split, int index) {
      byte label = (byte) (index == labelled ? 1 : -1);
      return new Sample(file(split, index), 1, 1, new byte[3], new byte[] {label});
    }
  }

  /** Masks of the first class and void; from {@code other} on they have the second class too. */
  private record Masks(List<String> classes, int count, int other) implements Dataset {

    @Override
    public String name() {
      return "masks";
    }

    @Override
    public int size(Split split) {
      return count;
    }

    @Override
    public String file(Split split, int index) {
      return "mask " + index;
    }

    @Override
    public Sample read(Split split, int index) {
      byte third = (byte) (index >= other ? 1 : 0);
      return new Sample(file(split, index), 3, 1, new byte[9], new byte[] {0, -1, third});
    }
  }
}
