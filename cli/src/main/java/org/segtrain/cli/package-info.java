/** The command {@code segtrain}: options in, a trained model, figures and pictures out. */
package org.segtrain.cli;
