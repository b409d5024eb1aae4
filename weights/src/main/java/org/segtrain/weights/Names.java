package org.segtrain.weights;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/** The meaning of the names of arrays in PyTorch's state dicts of these models. */
final class Names {

  /** Where a whole model has its encoder. */
  static final String BACKBONE = "backbone.";

  /** The batch count of batch norm; files older than PyTorch 0.4.1 lack it. */
  static final String COUNTER = "num_batches_tracked";

  private static final String INDEX = "relative_position_index";
  private static final String AUXILIARY = "auxiliary_head";

  /** Names of classification models behind the encoder, of all families. */
  private static final Set<String> CLASSIFICATION =
      Set.of(
          "cls_token", // PVT
          "norm", // PVT, behind its last stage
          "head", // PVT, Shunted, HRViT
          "cls_head", // MPViT
          "incre_modules", // HRFormer
          "downsamp_modules", // HRFormer
          "final_layer", // HRFormer
          "classifier"); // HRFormer

  /** The last convolutions of MMSegmentation's heads, and of HRFormer's OCR. */
  private static final Pattern CLASSIFIER =
      Pattern.compile("(.+\\.conv_seg|cls_head|aux_head\\.2)\\.(weight|bias)");

  private Names() {}

  /** Whether a model makes the array itself, so that a file may lack it. */
  static boolean isDerived(String name) {
    return isIndex(name) || last(name).equals(COUNTER);
  }

  /** Whether it is a constant that follows from the side of the windows. */
  static boolean isIndex(String name) {
    return last(name).equals(INDEX);
  }

  /** Whether its first axis is that of the classes. */
  static boolean isClassifier(String name) {
    return CLASSIFIER.matcher(name).matches();
  }

  /** Whether the array is one behind the encoder of a classification model. */
  static boolean isClassification(String name) {
    return CLASSIFICATION.contains(withoutBackbone(place(name)));
  }

  /** Whether these are of a whole model and not of a bare backbone. */
  static boolean areOfModel(Collection<String> names) {
    return names.stream().anyMatch(name -> name.startsWith(BACKBONE));
  }

  /** Whether only training uses it. */
  static boolean isAuxiliary(String name) {
    return name.startsWith(AUXILIARY);
  }

  /** The first part of a name, {@code decode_head}; inside a backbone {@code backbone.block1}. */
  static String place(String name) {
    int from = name.startsWith(BACKBONE) ? BACKBONE.length() : 0;
    int dot = name.indexOf('.', from);
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The name as the bare backbone has it. */
  static String withoutBackbone(String name) {
    return name.startsWith(BACKBONE) ? name.substring(BACKBONE.length()) : name;
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
