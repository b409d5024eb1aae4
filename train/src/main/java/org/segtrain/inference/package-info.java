/** A model in use: from photographs to class maps. */
package org.segtrain.inference;
