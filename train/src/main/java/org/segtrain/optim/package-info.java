/** The settings of the optimiser: its schedule, and which parameters learn how fast. */
package org.segtrain.optim;
