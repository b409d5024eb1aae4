/** Files that hold arrays and survive being interrupted at any moment while they are written. */
package org.segtrain.checkpoint;
