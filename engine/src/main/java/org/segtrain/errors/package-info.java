/** Exceptions whose message is for the user: a wrong argument, or a bad file. */
package org.segtrain.errors;
