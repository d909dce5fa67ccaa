package org.adaptseg.nn;

import java.util.List;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.LayerSpec;
import org.adaptseg.nn.layers.LayerWork;
import org.adaptseg.nn.layers.ParameterSpec;

/**
 * How large a network is, as its layers say, for estimates.
 *
 * @param parameters trained values; batch normalisations are left out
 * @param products multiplications of the convolutions of one forward of one image
 * @param activations values kept from forward to backward for one image
 */
public record NetworkSizes(long parameters, double products, double activations) {
  private static final NetworkSizes NONE = new NetworkSizes(0, 0, 0);

  /** Sizes of a generator for images of this many pixels. */
  public static NetworkSizes of(GeneratorArchitecture architecture, double pixels) {
    BackboneLayers backbone = BackboneLayers.of(architecture);
    NetworkSizes sum = NONE;
    double map = pixels;
    for (BackboneLayers.Entry entry : backbone.layers()) {
      LayerWork work = entry.layer().work(map);
      map = work.pixels();
      sum = sum.plus(entry.layer(), work);
      for (GeneratorArchitecture.Head head : architecture.heads()) {
        if (backbone.end(head.stage()).name().equals(entry.name())) {
          DilatedHead layer =
              new DilatedHead(entry.channels(), architecture.classes(), architecture.headRates());
          sum = sum.plus(layer, layer.work(map));
        }
      }
    }
    return sum;
  }

  /** Sizes of a discriminator for label maps of this many pixels. */
  public static NetworkSizes of(DiscriminatorArchitecture architecture, double pixels) {
    List<? extends LayerSpec> layers = Discriminator.layers(architecture);
    NetworkSizes sum = NONE;
    double map = pixels;
    for (LayerSpec layer : layers) {
      LayerWork work = layer.work(map);
      map = work.pixels();
      sum = sum.plus(layer, work);
    }
    return sum;
  }

  private NetworkSizes plus(LayerSpec layer, LayerWork work) {
    long trained =
        layer.parameters().stream()
            .filter(p -> p.role().trained())
            .mapToLong(ParameterSpec::length)
            .sum();
    return new NetworkSizes(
        parameters + trained, products + work.products(), activations + work.kept());
  }
}
