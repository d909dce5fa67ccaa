package org.adaptseg.config;

import java.util.List;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.yaml.Names;

/**
 * Where a file of weights comes from: what its keys are, which of its tensors are left out, which
 * of the network's keep random values, and what network it was trained in.
 */
public enum WeightsFrom {
  /** Another program: {@code rename}, {@code skip} and {@code keep} say how its keys fit. */
  OTHER("", "", StrideOn.REDUCTION, Normalisation.CAFFE, List.of()),
  /**
   * What the released code begins with: a backbone trained on ImageNet and COCO (ResNet) or on
   * ImageNet (VGG), in Caffe's form. Its own head is left out.
   */
  RELEASED_INIT(
      "DeepLab_resnet_pretrained_init-f81d91e8.pth (ResNet) or vgg16-00b39a1b.pth (VGG)",
      "the authors of AdaptSegNet or github.com/jcjohnson/pytorch-vgg",
      StrideOn.REDUCTION,
      Normalisation.CAFFE,
      List.of()),
  /** ImageNet weights of torchvision, V1 or V2; ImageNet's classifier is left out. */
  TORCHVISION(
      "a file such as resnet101-63fe2227.pth",
      "torchvision, https://download.pytorch.org/models/",
      StrideOn.SPATIAL,
      Normalisation.TORCHVISION,
      List.of()),
  /** ADVENT's ImageNet weights (their head is left out), or its trained ones, all four branches. */
  ADVENT(
      "DeepLab_resnet_pretrained_imagenet.pth, or a trained one such as gta2cityscapes_advent.pth",
      "the releases of github.com/valeoai/ADVENT",
      StrideOn.REDUCTION,
      Normalisation.CAFFE,
      List.of()),
  /** AdaptSegNet's trained weights: of a head's four branches the released code sums two. */
  ADAPTSEG(
      "a trained network such as GTA2Cityscapes_multi-ed35151c.pth",
      "the authors of AdaptSegNet",
      StrideOn.REDUCTION,
      Normalisation.CAFFE,
      List.of(6, 12)),
  /**
   * What {@code weights export} or {@code weights import} wrote; branches of zeros are left out.
   */
  OWN(
      "a file of weights export",
      "a run of yours",
      StrideOn.REDUCTION,
      Normalisation.CAFFE,
      List.of());

  private final String file;
  private final String source;
  private final StrideOn strideOn;
  private final Normalisation normalisation;
  private final List<Integer> headRates;

  WeightsFrom(
      String file,
      String source,
      StrideOn strideOn,
      Normalisation normalisation,
      List<Integer> headRates) {
    this.file = file;
    this.source = source;
    this.strideOn = strideOn;
    this.normalisation = normalisation;
    this.headRates = headRates;
  }

  /** The name in configurations. */
  public String key() {
    return Names.key(this);
  }

  /** Which file and where to get it, for messages. */
  String wanted() {
    return "%s, from %s".formatted(file, source);
  }

  /** Whether nothing is known of the network that the file was trained in. */
  private boolean isFree() {
    return this == OTHER || this == OWN;
  }

  /** What a network must be for these weights, for messages. */
  String needs(Model model) {
    String needs = "data.normalisation: " + normalisation.key();
    if (model.choosesStride()) {
      needs = "model.stride-on: " + strideOn.key() + " and " + needs;
    }
    return headRates.isEmpty() ? needs : needs + " and model.head-rates: " + headRates;
  }

  /** Whether a network is what these weights were trained in, as far as that is known. */
  boolean fits(Model model, Normalisation used) {
    boolean strides = !model.choosesStride() || model.strideOn() == strideOn;
    boolean rates = headRates.isEmpty() || model.headRates().equals(headRates);
    return isFree() || strides && rates && used == normalisation;
  }
}
