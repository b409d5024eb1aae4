/** A training told to TensorBoard, which reads its event files while it runs and afterwards. */
package org.segtrain.tensorboard;
