/** The folder of a run, with its configuration, log and checkpoints. */
package org.segtrain.checkpoint;
