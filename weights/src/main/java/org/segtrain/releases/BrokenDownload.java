package org.segtrain.releases;

import java.io.IOException;

/** An error of a download that another try may cure. */
class BrokenDownload extends IOException {

  private static final long serialVersionUID = 1;

  BrokenDownload(String message) {
    super(message);
  }
}
