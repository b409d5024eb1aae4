package org.segtrain.torchscript.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SharingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          torch.reshape($1, [2, $0])                               | 1 | ''
          torch.dropout(torch.slice($0, 1, 0, 2), 0.1, True)       | 0 | ''
          torch.split($0, 2)[1]                                    | 0 | ''
          $0[1]                                                    | 0 | ''
          torch.mul($0, 2)                                         | '' | ''
          torch.mul_($0, 2)                                        | 0 | 0
          torch.mul(torch.add_($1, $0), $2)                        | '' | 1
          torch.add_(torch.squeeze($2[0], 1), torch.mul_($0, $1))  | 2 | 2 0
          torch.mul($0, torch.div_(torch.bernoulli_(torch.new_empty($0, [1]), 0.5), 0.5)) | '' | ''
          torch.reshape($0, [-1]).add_($1)                         | 0 | 0
          """)
  void argumentsAreToldFromTheText(String template, String shared, String changed) {
    assertEquals(numbers(shared), Sharing.shared(template));
    assertEquals(numbers(changed), Sharing.changed(template));
  }

  private static List<Integer> numbers(String text) {
    return Stream.of(text.split(" ")).filter(n -> !n.isEmpty()).map(Integer::valueOf).toList();
  }
}
