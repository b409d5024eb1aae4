/** The High-Resolution Transformer. Read {@code HrformerConfig} first, {@code Hrformer} last. */
package org.segtrain.backbones.hrformer;
