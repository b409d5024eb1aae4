/**
 * What the modules of this project share and programs that use it need not know: recorded forward
 * passes as graphs, PyTorch's numbers of types, traces, turns at the random generator. May change
 * in any version.
 */
package org.segtrain.engine.internal;
