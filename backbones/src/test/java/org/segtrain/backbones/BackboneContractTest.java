package org.segtrain.backbones;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The smallest variant of each family but that of {@link SmallestBackboneTest}; with {@code
 * -Dtests.all=true} every other too, which differ in width and depth.
 */
@Tag("slow")
@ParameterizedClass
@MethodSource("variants")
class BackboneContractTest extends BackboneContract {

  static List<BackboneVariant> variants() {
    Set<Class<?>> families = new HashSet<>();
    return Arrays.stream(BackboneVariant.values()) // the smallest is the first
        .filter(
            variant -> families.add(variant.config().getClass()) || Boolean.getBoolean("tests.all"))
        .filter(variant -> !variant.name().equals(SmallestBackboneTest.VARIANT))
        .toList();
  }
}
