/**
 * NVIDIA's GPUs as the engine finds them: {@link org.segtrain.cuda.Gpus} tells which there are, or
 * why there is none; {@link org.segtrain.cuda.CudaLibrary} unpacks PyTorch for CUDA from the class
 * path.
 */
package org.segtrain.cuda;
