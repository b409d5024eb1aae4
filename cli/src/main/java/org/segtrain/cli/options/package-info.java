/** Options, in the groups in which help shows them, and the values they stand for. */
package org.segtrain.cli.options;
