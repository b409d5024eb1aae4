package org.segtrain.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrecisionTest {

  @ParameterizedTest
  @CsvSource({
    "GenuineIntel, avx512f amx_bf16 avx512_bf16 amx_tile, bf16",
    "GenuineIntel, avx512f avx512_bf16 avx512_fp16, fp32",
    "AuthenticAMD, avx512f avx512_bf16 avx512_vnni, bf16",
    "AuthenticAMD, avx2 fma, fp32",
    "GenuineIntel, avx512f avx512_vnni, fp32",
  })
  void newModelsTakeTheQuickerArithmeticOfTheProcessor(
      String vendor, String flags, String precision) {
    String description = "vendor_id\t: %s\nflags\t\t: fpu %s sse2\n".formatted(vendor, flags);
    assertEquals(precision, Precision.ofProcessor(description).toString());
  }
}
