package org.adaptseg.engine.cuda.dnn;

import org.bytedeco.cuda.global.cudnn;

/** The three passes of a convolution, by the names of cuDNN's operations and attributes. */
public enum ConvolutionPass {
  /** Y from x. */
  FORWARD(
      cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y),
  /** The gradient of x. */
  DATA(
      cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY),
  /** The gradient of the weights. */
  FILTER(
      cudnn.CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
      cudnn.CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY);

  private final int type;
  private final int alpha;
  private final int beta;
  private final int geometry;
  private final int x;
  private final int filter;
  private final int y;

  ConvolutionPass(int type, int alpha, int beta, int geometry, int x, int filter, int y) {
    this.type = type;
    this.alpha = alpha;
    this.beta = beta;
    this.geometry = geometry;
    this.x = x;
    this.filter = filter;
    this.y = y;
  }

  /**
   * The operation, which still lacks its end.
   *
   * @param factor that its result is multiplied by
   * @param accumulate whether its result is added to what is there
   */
  public CudnnDescriptor operation(
      CudnnDescriptor ofGeometry,
      CudnnDescriptor ofX,
      CudnnDescriptor ofFilter,
      CudnnDescriptor ofY,
      float factor,
      boolean accumulate) {
    return new CudnnDescriptor(type)
        .factor(alpha, factor)
        .factor(beta, accumulate ? 1f : 0f)
        .part(geometry, ofGeometry)
        .part(x, ofX)
        .part(filter, ofFilter)
        .part(y, ofY);
  }
}
