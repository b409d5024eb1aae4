/** Which pixels the loss is the mean over: valid, all or hard ones. */
package org.segtrain.loss;
