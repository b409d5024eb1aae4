package org.segtrain.cli.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void controlCharactersOfNamesAreVisible() {
    Table table = new Table("class", "IoU");
    table.add("ro\tad \u001b[31m", "0.5");
    assertEquals("class                  IoU\nro\\u0009ad \\u001b[31m  0.5\n", table.text());
  }
}
