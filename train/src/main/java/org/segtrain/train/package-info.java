/**
 * A training run: its parts ({@code TrainingBuilder}), the loop ({@code Training.run}) and what it
 * tells ({@code Progress}). The configuration is {@code org.segtrain.config}; a model in use is
 * {@code org.segtrain.inference}.
 */
package org.segtrain.train;
