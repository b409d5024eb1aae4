package org.segtrain.onnx;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PyTorch's names of the parameters of an operation that may be given by place or by name. */
final class Signatures {

  private static final String TABLE =
      """
      torch.softplus self beta threshold
      torch.elu self alpha scale input_scale
      torch.leaky_relu self negative_slope
      torch.add self other
      torch.sub self other
      torch.mul self other
      torch.div self other
      torch.pow self exponent
      torch.addcmul self tensor1 tensor2
      torch.clamp self min max
      torch.clamp_min self min
      torch.to self dtype non_blocking copy memory_format
      torch.dropout input p train
      torch.feature_dropout input p train
      torch.where condition self other
      torch.sum self dim keepdim
      torch.mean self dim keepdim
      torch.amax self dim keepdim
      torch.amin self dim keepdim
      torch.norm self p dim keepdim
      torch.argmax self dim keepdim
      torch.argmin self dim keepdim
      torch.topk self k dim largest sorted
      torch.cumsum self dim
      torch.softmax self dim dtype
      torch.log_softmax self dim dtype
      torch.linear input weight bias
      torch.scaled_dot_product_attention query key value attn_mask dropout_p is_causal
      torch.reshape self shape
      torch.flatten self start_dim end_dim
      torch.unsqueeze self dim
      torch.squeeze self dim
      torch.permute self dims
      torch.transpose self dim0 dim1
      torch.expand self size
      torch.repeat self repeats
      torch.repeat_interleave self repeats dim
      torch.select self dim index
      torch.slice self dim start end step
      torch.split self split_size dim
      torch.tensor_split self indices dim
      torch.flip self dims
      torch.roll self shifts dims
      torch.gather self dim index
      torch.index_select self dim index
      torch.embedding weight indices padding_idx scale_grad_by_freq sparse
      torch.cat tensors dim
      torch.stack tensors dim
      torch.constant_pad_nd self pad value
      torch.full size fill_value
      torch.new_full self size fill_value
      torch.one_hot self num_classes
      torch.conv2d input weight bias stride padding dilation groups
      torch.batch_norm input weight bias running_mean running_var training momentum eps cudnn_enabled
      torch.layer_norm input normalized_shape weight bias eps cudnn_enable
      torch.max_pool2d self kernel_size stride padding dilation ceil_mode
      torch.avg_pool2d self kernel_size stride padding ceil_mode count_include_pad divisor_override
      torch.adaptive_avg_pool2d self output_size
      torch.upsample_bilinear2d self output_size align_corners scales_h scales_w
      torch._upsample_bilinear2d_aa self output_size align_corners scales_h scales_w
      torch._upsample_bicubic2d_aa self output_size align_corners scales_h scales_w
      torch.upsample_nearest2d self output_size scales_h scales_w
      """;

  private static final Map<String, List<String>> PARAMETERS =
      TABLE
          .lines()
          .map(row -> Arrays.asList(row.split(" ")))
          .collect(toMap(row -> row.get(0), row -> row.subList(1, row.size())));

  private Signatures() {}

  /** The operations of the table. */
  static Set<String> names() {
    return PARAMETERS.keySet();
  }

  /** The parameters of {@code operation} by place; none where they are not known. */
  static List<String> of(String operation) {
    return PARAMETERS.getOrDefault(operation, List.of());
  }
}
