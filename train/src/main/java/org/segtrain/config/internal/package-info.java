/**
 * JSON, and the values that hold where nobody gives others.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.config.internal;
