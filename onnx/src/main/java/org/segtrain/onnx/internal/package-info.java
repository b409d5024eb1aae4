/** For the modules of segtrain; it may change at any time. */
package org.segtrain.onnx.internal;
