/** What is thrown at users. */
package org.segtrain.errors;
