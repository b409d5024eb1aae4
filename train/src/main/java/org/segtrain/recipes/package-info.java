/**
 * Published trainings by name ({@code Recipe}, then {@code Protocol}), and {@code Settings}, which
 * resolves a request to a whole configuration.
 */
package org.segtrain.recipes;
