/**
 * Groups of processes that compute together, on PyTorch's own c10d: sums, broadcasts and gathers of
 * arrays by Gloo on CPUs and NCCL on GPUs.
 *
 * <p>c10d has no authentication: whoever reaches its ports belongs to the group. Use it in trusted
 * networks only.
 */
package org.segtrain.collectives;
