package org.segtrain.releases;

import java.net.URI;
import java.util.List;
import org.segtrain.names.Choice;

/**
 * The published weights, by name. HRViT's authors publish no weights; HRFormer's also publish OCR
 * with windows of 13 (here hrformer_base_w13), which is missing because its address is not known.
 */
public final class Releases {

  /** A property of Java: the address that all files are below, each as {@link Release#file()}. */
  private static final String BASE = "segtrain.releases";

  private static final String PVT_FILES = "https://github.com/whai362/PVT/releases/download/v2/";
  private static final String PVT_FOLDER =
      "https://drive.google.com/drive/folders/18O7n7vi9WzD9DkuHFvFZSF31QVaKZ4AS";
  private static final String SHUNTED_FOLDER =
      "https://drive.google.com/drive/folders/15iZKXFT7apjUSoN2WUMAbb0tvJgyh3YP";
  private static final String MPVIT_FILES = "https://dl.dropbox.com/s/";
  private static final String HRFORMER_FILES = "https://1drv.ms/u/s!Ai-PFrdirDvwj";

  private static final List<Release> ALL =
      List.of(
          file(Family.PVT, "pvt_tiny", "", "top-1 75.1", PVT_FILES + "pvt_tiny.pth"),
          file(Family.PVT, "pvt_small", "", "top-1 79.8", PVT_FILES + "pvt_small.pth"),
          file(Family.PVT, "pvt_medium", "", "top-1 81.2", PVT_FILES + "pvt_medium.pth"),
          file(Family.PVT, "pvt_large", "", "top-1 81.7", PVT_FILES + "pvt_large.pth"),
          page(Family.PVT, "pvt_tiny", "fpn", "mIoU 36.6", PVT_FOLDER),
          page(Family.PVT, "pvt_small", "fpn", "mIoU 41.9", PVT_FOLDER),
          page(Family.PVT, "pvt_medium", "fpn", "mIoU 43.5", PVT_FOLDER),
          page(Family.PVT, "pvt_large", "fpn", "mIoU 43.5", PVT_FOLDER),
          page(Family.SHUNTED, "shunted_tiny", "", "top-1 79.8", SHUNTED_FOLDER),
          page(Family.SHUNTED, "shunted_small", "", "top-1 82.9", SHUNTED_FOLDER),
          page(Family.SHUNTED, "shunted_base", "", "top-1 84.0", SHUNTED_FOLDER),
          mpvit("tiny", "", "top-1 78.2", "1cmquqyjmaeeg1n/mpvit_tiny.pth"),
          mpvit("xsmall", "", "top-1 80.9", "vvpq2m474g8tvyq/mpvit_xsmall.pth"),
          mpvit("small", "", "top-1 83.0", "y3dnmmy8h4npz7a/mpvit_small.pth"),
          mpvit("base", "", "top-1 84.3", "la8w31m0apj2830/mpvit_base.pth"),
          mpvit("small", "upernet", "mIoU 48.3", "5opqzboalok7lme/upernet_mpvit_small.pth"),
          mpvit("base", "upernet", "mIoU 50.3", "shr88fojdcqvhpr/upernet_mpvit_base.pth"),
          hrformer("tiny", "", "top-1 78.6", "1UXGB63dBVVOuLO?e=ZLOY7r"),
          hrformer("small", "", "top-1 81.2", "1cc3tSp4kIKI_JH?e=bHW7xj"),
          hrformer("base", "", "top-1 82.8", "1iNZngTF7PEyik9?e=fv8CG6"),
          hrformer("small", "ocr", "mIoU 44.0", "28i74aN6_Zk4clX?e=CWGOcd"),
          hrformer("base", "ocr", "mIoU 46.3", "3epNJ-QFF33tZtr?e=df3fQk"));

  private Releases() {}

  /** Every release, family by family. */
  public static List<Release> all() {
    return ALL;
  }

  /** The names of all. */
  public static List<String> names() {
    return ALL.stream().map(Release::name).toList();
  }

  /**
   * The release of that name. The property {@code segtrain.releases} is an address that files are
   * below instead of their own: of a mirror, or of a test.
   *
   * @throws IllegalArgumentException if there is none, naming the known ones
   */
  public static Release of(String name) {
    Release release = ALL.get(new Choice("release", names()).index(name));
    String base = System.getProperty(BASE);
    return base == null || !release.direct()
        ? release
        : release.from(URI.create(base + release.file()));
  }

  private static Release file(
      Family family, String backbone, String head, String gives, String place) {
    return release(family, backbone, head, gives, place, true);
  }

  /** Weights that only a browser can fetch. */
  private static Release page(
      Family family, String backbone, String head, String gives, String place) {
    return release(family, backbone, head, gives, place, false);
  }

  private static Release mpvit(String size, String head, String gives, String file) {
    return file(Family.MPVIT, "mpvit_" + size, head, gives, MPVIT_FILES + file);
  }

  private static Release hrformer(String size, String head, String gives, String share) {
    return page(Family.HRFORMER, "hrformer_" + size, head, gives, HRFORMER_FILES + share);
  }

  private static Release release(
      Family family, String backbone, String head, String gives, String place, boolean direct) {
    String name =
        head.isEmpty() ? backbone + "_imagenet" : "%s_%s_ade20k".formatted(backbone, head);
    return new Release(name, family, backbone, head, gives, URI.create(place), direct, "");
  }
}
