package org.segtrain.releases;

/**
 * Whose weights they are, and on which terms, as far as their repositories say. A row is a family
 * of backbones.
 */
public enum Family {
  PVT("PVT", "https://github.com/whai362/PVT", "Apache-2.0"),
  SHUNTED(
      "Shunted Transformer",
      "https://github.com/OliverRensu/Shunted-Transformer",
      "none stated, so ask the authors before you use them"),
  MPVIT(
      "MPViT",
      "https://github.com/youngwanLEE/MPViT",
      "GPL-3.0 for non-commercial use, else a commercial licence of ETRI"),
  HRFORMER("HRFormer", "https://github.com/HRNet/HRFormer", "MIT");

  private final String title;
  private final String repository;
  private final String licence;

  Family(String title, String repository, String licence) {
    this.title = title;
    this.repository = repository;
    this.licence = licence;
  }

  /** The page of the authors' repository. */
  public String repository() {
    return repository;
  }

  /** The licence of the repository. */
  public String licence() {
    return licence;
  }

  /** As its authors write it. */
  @Override
  public String toString() {
    return title;
  }
}
