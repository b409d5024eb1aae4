/**
 * Trained models for use elsewhere: what is put around a model, and the files that hold both. Read
 * {@code DeployedModel} and then {@code ExportFormat}.
 */
package org.segtrain.export;
