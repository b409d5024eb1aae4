/**
 * The weights that the authors of the backbones publish: which there are, and how they are fetched
 * when somebody asks for them. None is part of this project.
 */
package org.segtrain.releases;
