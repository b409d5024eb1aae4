/**
 * The weights that the authors of the backbones publish: their list, and their download on request.
 * None is part of this project.
 */
package org.segtrain.releases;
