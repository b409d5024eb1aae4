/**
 * What a step does to the parameters: the optimiser, its schedule, and which parameters learn how
 * fast.
 */
package org.segtrain.optim;
