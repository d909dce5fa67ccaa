package org.adaptseg.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.TorchArchive;

/** A state dictionary; values are those that the golden files' names give. */
final class TorchDefinition {
  private static final int EXPANSION = 4;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final String prefix;
  private final long seed;

  TorchDefinition(String prefix, long seed) {
    this.prefix = prefix;
    this.seed = seed;
  }

  /** The tensors in the order of the definition. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  private void put(String key, float centre, float range, long... shape) {
    float[] v = GoldenTensors.unit("G." + key, seed, Math.toIntExact(Tensor.elements(shape)));
    for (int i = 0; i < v.length; i++) {
      v[i] = centre == 0 ? range * v[i] : centre + range * v[i];
    }
    tensors.put(prefix + key, Tensor.of(v, 0, shape));
  }

  TorchDefinition convolution(String key, int out, int in, int side) {
    put(key + ".weight", 0, (float) Math.sqrt(6.0 / (in * side * side)), out, in, side, side);
    return this;
  }

  void norm(String key, int channels, boolean counted) {
    put(key + ".weight", 1, 0.2f, channels);
    put(key + ".bias", 0, 0.1f, channels);
    put(key + ".running_mean", 0, 0.1f, channels);
    put(key + ".running_var", 1, 0.5f, channels);
    if (counted) {
      tensors.put(
          prefix + key + ".num_batches_tracked",
          new Tensor(ElementType.I64, new long[0], ByteBuffer.allocate(Long.BYTES)));
    }
  }

  TorchDefinition backbone(List<Integer> layers, boolean counted) {
    convolution("conv1", 64, 3, 7);
    norm("bn1", 64, counted);
    int in = 64;
    for (int stage = 0; stage < layers.size(); stage++) {
      int planes = 64 << stage;
      for (int block = 0; block < layers.get(stage); block++) {
        String name = "layer%d.%d.".formatted(stage + 1, block);
        convolution(name + "conv1", planes, in, 1);
        norm(name + "bn1", planes, counted);
        convolution(name + "conv2", planes, planes, 3);
        norm(name + "bn2", planes, counted);
        convolution(name + "conv3", planes * EXPANSION, planes, 1);
        norm(name + "bn3", planes * EXPANSION, counted);
        if (block == 0) {
          convolution(name + "downsample.0", planes * EXPANSION, in, 1);
          norm(name + "downsample.1", planes * EXPANSION, counted);
        }
        in = planes * EXPANSION;
      }
    }
    return this;
  }

  /** torchvision's BasicBlock, layer by layer; the first stage's shortcuts are the input. */
  TorchDefinition basicBackbone(List<Integer> layers) {
    convolution("conv1", 64, 3, 7);
    norm("bn1", 64, true);
    int in = 64;
    for (int stage = 0; stage < layers.size(); stage++) {
      int planes = 64 << stage;
      for (int block = 0; block < layers.get(stage); block++) {
        String name = "layer%d.%d.".formatted(stage + 1, block);
        convolution(name + "conv1", planes, in, 3);
        norm(name + "bn1", planes, true);
        convolution(name + "conv2", planes, planes, 3);
        norm(name + "bn2", planes, true);
        if (in != planes) {
          convolution(name + "downsample.0", planes, in, 1);
          norm(name + "downsample.1", planes, true);
        }
        in = planes;
      }
    }
    put("fc.weight", 0, 0.01f, 1000, 512);
    put("fc.bias", 0, 0.01f, 1000);
    return this;
  }

  /** The released classifier makes a convolution for each of four rates. */
  TorchDefinition head(String name, int channels, int classes) {
    for (int branch = 0; branch < 4; branch++) {
      String key = name + ".conv2d_list." + branch;
      convolution(key, classes, channels, 3);
      put(key + ".bias", 0, 0.1f, classes);
    }
    return this;
  }

  TorchDefinition imageNetClassifier() {
    put("fc.weight", 0, 0.01f, 1000, 2048);
    put("fc.bias", 0, 0.01f, 1000);
    return this;
  }

  /** VGG-16 of torchvision and of Caffe's converted file; fully connected layers made small. */
  TorchDefinition vgg() {
    int[][] convolutions = {
      {0, 3, 64},
      {2, 64, 64},
      {5, 64, 128},
      {7, 128, 128},
      {10, 128, 256},
      {12, 256, 256},
      {14, 256, 256},
      {17, 256, 512},
      {19, 512, 512},
      {21, 512, 512},
      {24, 512, 512},
      {26, 512, 512},
      {28, 512, 512}
    };
    for (int[] c : convolutions) {
      convolution("features." + c[0], c[2], c[1], 3);
      put("features." + c[0] + ".bias", 0, 0.1f, c[2]);
    }
    for (int layer : new int[] {0, 3, 6}) {
      put("classifier." + layer + ".weight", 0, 0.1f, 2, 2);
      put("classifier." + layer + ".bias", 0, 0.1f, 2);
    }
    return this;
  }

  Path save(Path file) throws IOException {
    TorchArchive.write(tensors, file);
    return file;
  }
}
