/**
 * The configuration of a run. {@code TrainConfig} is its typed form, a record of nine records.
 * {@code Overlay} is some of its values with their origin, and {@code Configuration} lays one
 * overlay over another. Layers below those that a user gives: {@code Defaults} and {@code
 * DatasetVariant}, and recipes in {@code org.segtrain.recipes}.
 */
package org.segtrain.config;
