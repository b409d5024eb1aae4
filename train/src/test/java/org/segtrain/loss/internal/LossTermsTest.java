package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.errors.UsageException;

final class LossTermsTest {

  @Test
  void aSumIsReadTermByTerm() {
    assertEquals(
        List.of(
            new LossTerm(TermVariant.CE, 1, Map.of(), Optional.empty()),
            new LossTerm(
                TermVariant.OHEM,
                0.4,
                Map.of("probability", 0.7, "kept", 2000.0),
                Optional.of(Per.BATCH)),
            new LossTerm(TermVariant.LOVASZ, 15, Map.of(), Optional.of(Per.BATCH))),
        LossTerms.of(
                "loss.terms", "ce + 0.4*ohem(kept=2e3, probability = 0.7)+1.5e+1*lovasz(per=batch)")
            .terms());
    assertEquals(LossTerms.of("loss.terms", "focal"), LossTerms.of("loss.terms", "focal(gamma=2)"));
    assertEquals(LossTerms.of("loss.terms", "dice"), LossTerms.of("loss.terms", "1*dice()"));
  }

  @Test
  void itSaysWhatItNeeds() {
    assertTrue(LossTerms.of("loss.terms", "dice+focal").countPixels());
    assertFalse(LossTerms.of("loss.terms", "dice+ohem").countPixels());
    assertTrue(LossTerms.of("loss.terms", "dice+ohem").canSmooth());
    assertFalse(LossTerms.of("loss.terms", "dice+focal").canSmooth());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''          | loss.terms must be a sum of terms such as ce+0.5*lovasz, but is ""; the terms are ce, ohem, focal, boundary, dice, tversky, lovasz
          ce+         | loss.terms must be a sum of terms such as ce+0.5*lovasz, but is "ce+"; the terms are ce, ohem, focal, boundary, dice, tversky, lovasz
          ce-dice     | loss.terms must be a sum of terms such as ce+0.5*lovasz, but is "ce-dice"; the terms are ce, ohem, focal, boundary, dice, tversky, lovasz
          -1*ce       | loss.terms must be a sum of terms such as ce+0.5*lovasz, but is "-1*ce"; the terms are ce, ohem, focal, boundary, dice, tversky, lovasz
          ce+.5*lovas | loss.terms is "ce+.5*lovas": unknown term "lovas"; did you mean lovasz? Known: ce, ohem, focal, boundary, dice, tversky, lovasz
          0*ce        | loss.terms is "0*ce", but the weight of a term must be above 0 and at most 1000000, not 0
          1e308*ce    | loss.terms is "1e308*ce", but the weight of a term must be above 0 and at most 1000000, not 1e308
          1.2.3*ce    | loss.terms is "1.2.3*ce", but the weight of a term must be above 0 and at most 1000000, not 1.2.3
          ce(x=1)     | loss.terms is "ce(x=1)", but ce takes no arguments, not "x=1"
          focal(3)    | loss.terms is "focal(3)", but focal takes gamma=..., not "3"
          focal(gama=3) | loss.terms is "focal(gama=3)": unknown argument of focal "gama"; did you mean gamma? Known: gamma
          focal(gamma=-1) | loss.terms is "focal(gamma=-1)", but gamma must be a number from 0 to 100, not "-1"
          focal(gamma=x) | loss.terms is "focal(gamma=x)", but gamma must be a number from 0 to 100, not "x"
          ohem(kept=0.5) | loss.terms is "ohem(kept=0.5)", but kept must be a whole number from 0 to 2147483647, not "0.5"
          dice(per=step) | loss.terms is "dice(per=step)": unknown per "step"; known: image, batch
          dice(per)   | loss.terms is "dice(per)", but dice takes exponent=..., smooth=..., per=..., not "per"
          """)
  void whatIsNoSumIsRefusedWithItsText(String text, String sentence) {
    var refused = assertThrows(UsageException.class, () -> LossTerms.of("loss.terms", text));
    assertEquals(sentence, refused.getMessage());
  }
}
