/**
 * Between this project and DJL's own training and inference: data sets in both directions, the loss
 * and mIoU for DJL's {@code Trainer}, and a {@code Predictor} of a trained model.
 */
package org.segtrain.djl;
