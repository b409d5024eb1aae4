/** Which pixels the loss is the mean over. */
package org.segtrain.loss;
