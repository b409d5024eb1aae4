/** Names of things as users write them. */
package org.segtrain.names;
