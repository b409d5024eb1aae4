/**
 * What is done to photographs and masks before training and evaluation, with OpenCV's arithmetic:
 * the published ADE20K numbers were obtained with it.
 */
package org.segtrain.augment;
