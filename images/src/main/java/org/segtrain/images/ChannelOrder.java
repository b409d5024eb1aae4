package org.segtrain.images;

import java.util.Locale;

/** The order of a pixel's colours where a model reads them. Photographs always come red first. */
public enum ChannelOrder {
  RGB,
  BGR;

  /** The name of the colour that comes first. */
  public String first() {
    return this == RGB ? "red" : "blue";
  }

  /** The name at every border, {@code rgb}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
