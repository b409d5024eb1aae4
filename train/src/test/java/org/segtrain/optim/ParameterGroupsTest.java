package org.segtrain.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Factors;
import org.segtrain.optim.ParameterGroups.Rule;

final class ParameterGroupsTest {

  private static final Shape MATRIX = new Shape(4, 3);
  private static final Shape VECTOR = new Shape(4);

  @Test
  void onlyMatricesThatAreNoPositionsDecay() {
    ParameterGroups groups = ParameterGroups.STANDARD;
    assertEquals(new Factors(1, 1), groups.factors("block1.0.attn.q.weight", MATRIX));
    assertEquals(new Factors(1, 0), groups.factors("block1.0.attn.q.bias", VECTOR));
    assertEquals(new Factors(1, 0), groups.factors("block1.0.norm1.weight", VECTOR));
    assertEquals(new Factors(1, 0), groups.factors("backbone.pos_embed1", new Shape(1, 16, 4)));
    assertEquals(new Factors(1, 0), groups.factors("attn.relative_position_bias_table", MATRIX));
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    ParameterGroups groups =
        new ParameterGroups(
            Decay.MATRICES, List.of(new Rule("^decode_head\\.", 10, 1), new Rule("conv", 2, 0.5)));
    assertEquals(new Factors(10, 1), groups.factors("decode_head.conv_seg.weight", MATRIX));
    assertEquals(new Factors(2, 0.5), groups.factors("neck.conv.weight", MATRIX));
    assertEquals(new Factors(1, 1), groups.factors("neck.linear.weight", MATRIX));
  }

  @Test
  void aRuleMakesNothingDecayThatWouldNot() {
    ParameterGroups groups = new ParameterGroups(Decay.MATRICES, List.of(new Rule("bias", 1, 3)));
    assertEquals(new Factors(1, 0), groups.factors("q.bias", VECTOR));
  }

  @Test
  void everythingCanDecay() {
    ParameterGroups groups = new ParameterGroups(Decay.EVERYTHING, List.of(new Rule("norm", 1, 0)));
    assertEquals(new Factors(1, 1), groups.factors("backbone.pos_embed1", new Shape(1, 16, 4)));
    assertEquals(new Factors(1, 1), groups.factors("q.bias", VECTOR));
    assertEquals(new Factors(1, 0), groups.factors("attn_norm.bias", VECTOR));
  }

  @Test
  void aRuleOfOneRateLeavesTheOtherToTheRulesBehind() {
    ParameterGroups groups =
        new ParameterGroups(
                Decay.EVERYTHING, List.of(new Rule("norm", 1, 0), new Rule("head", 10, 1)))
            .before(List.of(new Rule("^backbone", 0.1, null), new Rule("head", null, 0.5)));
    assertEquals(new Factors(0.1, 0), groups.factors("backbone.norm.bias", VECTOR));
    assertEquals(new Factors(0.1, 1), groups.factors("backbone.q.weight", MATRIX));
    assertEquals(new Factors(10, 0.5), groups.factors("decode_head.conv.weight", MATRIX));
  }

  @Test
  void rulesThatAreGivenAgainStandOnce() {
    List<Rule> given = List.of(new Rule("head", 2.0, null));
    ParameterGroups once = ParameterGroups.STANDARD.before(given);
    assertEquals(once, once.before(given));
  }

  @Test
  void aFactorThatIsNoneIsRefused() {
    for (Double factor : List.of(-1.0, Double.NaN, Double.POSITIVE_INFINITY)) {
      assertThrows(IllegalArgumentException.class, () -> new Rule("head", factor, null));
      assertThrows(IllegalArgumentException.class, () -> new Rule("head", null, factor));
    }
  }

  @Test
  void aBrokenPatternIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rule("(", 1, 1));
  }
}
