package org.segtrain.page.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class PageTest {

  @Test
  void namesAreNeitherMarkupNorDirections() {
    assertEquals(
        "&lt;b&gt; \\u202ered&#123;&#123;title}}&#39;", Page.escaped("<b> \u202ered{{title}}'"));
  }
}
