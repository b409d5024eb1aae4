package org.segtrain.releases;

import java.net.URI;

/**
 * A file of weights that the authors publish.
 *
 * @param name the name at every border, {@code pvt_small_imagenet}
 * @param family whose it is
 * @param backbone name of the variant
 * @param head name of the head, empty for weights of a classifier
 * @param gives the authors' result, "top-1 79.8"
 * @param place the file, or the page that leads to it
 * @param direct whether {@code place} is the file, so that it needs no browser
 * @param sha256 the check sum in hexadecimal digits or its beginning; empty where the authors
 *     publish none
 */
public record Release(
    String name,
    Family family,
    String backbone,
    String head,
    String gives,
    URI place,
    boolean direct,
    String sha256) {

  /** The name of the file in the cache. */
  public String file() {
    return name + ".pth";
  }

  /** The same at another place. */
  public Release from(URI other) {
    return new Release(name, family, backbone, head, gives, other, direct, sha256);
  }
}
