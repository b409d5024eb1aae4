/**
 * Files of arrays that survive being interrupted while they are written, and a run in them.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.checkpoint.internal;
