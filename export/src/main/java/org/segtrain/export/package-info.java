/**
 * Trained models for use elsewhere: the steps around a model, and the files that hold both. Read
 * {@code DeployedModel} and then {@code ExportFormat}.
 */
package org.segtrain.export;
