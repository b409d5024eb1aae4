package org.segtrain.backbones;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every registered variant but that of {@link SmallestBackboneTest}. */
@Tag("slow")
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = SmallestBackboneTest.VARIANT)
class BackboneContractTest extends BackboneContract {}
