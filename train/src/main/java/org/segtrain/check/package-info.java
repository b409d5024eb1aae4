/** Checks of a data set before training: its faults, and samples as training sees them. */
package org.segtrain.check;
