/** Published trainings by name, to be repeated. Read {@code Recipe} and then {@code Protocol}. */
package org.segtrain.recipes;
