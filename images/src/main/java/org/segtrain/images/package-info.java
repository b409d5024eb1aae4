/**
 * From a photograph to the input of a model: stored colours, size, order of channels, mean and
 * standard deviation. Training, evaluation, export and serving share these rules. They use nothing
 * but DJL's API, since an exported model takes them along.
 */
package org.segtrain.images;
