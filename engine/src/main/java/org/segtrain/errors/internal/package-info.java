/** For our own modules only; may change in any version. */
package org.segtrain.errors.internal;
