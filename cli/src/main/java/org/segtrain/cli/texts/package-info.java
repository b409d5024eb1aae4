/** Texts for people: tables, configurations, errors, the console of a run. */
package org.segtrain.cli.texts;
