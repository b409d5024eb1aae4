/** Image encoders that give four maps, and the registry of their published variants. */
package org.segtrain.backbones;
