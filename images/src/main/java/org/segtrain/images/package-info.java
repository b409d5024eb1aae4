/**
 * How a photograph becomes what a model reads: its stored colours, its size, the order of its
 * channels, mean and spread. Training, evaluation, export and serving share these rules. They use
 * nothing but DJL's API, since an exported model takes them along.
 */
package org.segtrain.images;
