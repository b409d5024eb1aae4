/**
 * For this project's modules, of no concern to programs: compiled TorchScript, recorded forward
 * passes as graphs, PyTorch's numbers of types, traces, turns at the random generator. May change
 * in any version.
 */
package org.segtrain.engine.internal;
