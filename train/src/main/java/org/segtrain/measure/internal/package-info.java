/** Time, memory and operations of models. */
package org.segtrain.measure.internal;
