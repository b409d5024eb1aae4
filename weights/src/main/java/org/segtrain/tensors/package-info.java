/** Files of named arrays. */
package org.segtrain.tensors;
