package org.segtrain.train;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One optimiser step, a line of the log.
 *
 * @param step counted from 1
 * @param iterations optimiser steps of the whole run
 * @param loss of all its images
 * @param losses the contribution of each of the model's scores, the final ones first
 * @param learningRate its learning rate
 * @param gradientNorm global norm of the gradient before clipping
 * @param imagesPerSecond of this step, waiting for data included
 * @param residentMb resident memory of the process, MB; 0 where unknown
 * @param gpuMb GPU memory in use, of all processes, MB; 0 on a CPU
 */
public record StepReport(
    long step,
    @JsonIgnore int iterations,
    double loss,
    List<Double> losses,
    @JsonProperty("lr") double learningRate,
    @JsonProperty("grad_norm") double gradientNorm,
    @JsonProperty("images_per_s") double imagesPerSecond,
    @JsonProperty("resident_mb") long residentMb,
    @JsonProperty("gpu_mb") @JsonInclude(JsonInclude.Include.NON_DEFAULT) long gpuMb) {

  public StepReport {
    losses = List.copyOf(losses);
  }
}
