/**
 * Pages that hold all they show, with charts and small pictures.
 *
 * <p>For our own modules: it may change in any version.
 */
package org.segtrain.page.internal;
