/** What the optimiser is told: its schedule, and which parameters learn how fast. */
package org.segtrain.optim;
