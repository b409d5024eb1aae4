/** The pixels over which the loss is averaged. */
package org.segtrain.loss;
