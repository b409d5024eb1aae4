/** Whether a data set is what it should be, and what it looks like, before anything is trained. */
package org.segtrain.check;
