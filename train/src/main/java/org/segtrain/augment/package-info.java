/**
 * The preparation of photographs and masks for training and evaluation. It has OpenCV's arithmetic,
 * as the published ADE20K numbers.
 */
package org.segtrain.augment;
