/**
 * Prediction and evaluation on Apache Spark: {@code ImageSegmenter} for programs, {@code
 * SegtrainSpark} for {@code spark-submit}. Read {@code ExecutorModels}, then {@code PredictTask}
 * and {@code EvalTask}, which executors run, then the commands, which the driver runs.
 */
package org.segtrain.spark;
