package org.segtrain.backbones;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One backbone for {@code mvn test}; {@link BackboneContractTest} tests the others. */
@ParameterizedClass
@EnumSource(names = SmallestBackboneTest.VARIANT)
class SmallestBackboneTest extends BackboneContract {

  static final String VARIANT = "PVT_TINY";
}
