package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.Block;
import org.adaptseg.config.StrideOn;
import org.adaptseg.nn.layers.ParameterSpec.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkSizesTest {
  private static final int PIXELS = 64 * 64;

  @Test
  void aResNetIsTheSumOfItsLayersCountedByHand() {
    GeneratorArchitecture tiny =
        new GeneratorArchitecture(
            List.of(1, 1, 1, 1),
            2,
            3,
            List.of(6),
            List.of(new GeneratorArchitecture.Head(Level.MAIN, 4)));

    NetworkSizes sizes = NetworkSizes.of(tiny, PIXELS);

    // Stem 3*49*2 = 294. Blocks (in, planes): in*p + 9p^2 + 4p^2 + 4p*in of (2, 2), (8, 4), (16, 8)
    // and (32, 16): 72, 368, 1472 and 5888. Head 9*64*3 + 3 = 1731.
    assertThat(sizes.parameters()).isEqualTo(294 + 72 + 368 + 1472 + 5888 + 1731);
    // The stem works on 1024 places, stage 1 on 256, all others on 64.
    assertThat(sizes.products()).isEqualTo(294 * 1024 + 72 * 256 + (368 + 1472 + 5888 + 1728) * 64);
    // Stem: two maps of 2*1024 and one of 2*256. Blocks: 12 times planes and places.
    assertThat(sizes.activations())
        .isEqualTo(2 * 2 * 1024 + 2 * 256 + 12 * (2 * 256 + (4 + 8 + 16) * 64));
  }

  private static GeneratorArchitecture resnet(Block block, List<Integer> layers, int width) {
    return new GeneratorArchitecture(
        Backbone.RESNET,
        layers,
        width,
        3,
        List.of(6),
        StrideOn.REDUCTION,
        block,
        List.of(new GeneratorArchitecture.Head(Level.MAIN, 4)));
  }

  @Test
  void aResNetOfBasicBlocksIsTheSumOfItsLayersCountedByHand() {
    NetworkSizes sizes = NetworkSizes.of(resnet(Block.BASIC, List.of(1, 1, 1, 1), 2), PIXELS);

    // Stem 294. Blocks 9*in*p + 9p^2, and in*p of a shortcut, of (2, 2), (2, 4), (4, 8), (8, 16):
    // 72, 224, 896 and 3584; the first has none. Head 9*16*3 + 3 = 435.
    assertThat(sizes.parameters()).isEqualTo(294 + 72 + 224 + 896 + 3584 + 435);
    assertThat(sizes.products()).isEqualTo(294 * 1024 + 72 * 256 + (224 + 896 + 3584 + 432) * 64);
    // Four maps of a block, five with a shortcut of its own.
    assertThat(sizes.activations())
        .isEqualTo(2 * 2 * 1024 + 2 * 256 + 4 * 2 * 256 + 5 * (4 + 8 + 16) * 64);
  }

  /** Totals that torchvision's documentation states, with those of its fully connected layer. */
  @ParameterizedTest
  @CsvSource({
    "BASIC, 2 2 2 2, 513000, 11689512",
    "BASIC, 3 4 6 3, 513000, 21797672",
    "BOTTLENECK, 3 4 6 3, 2049000, 25557032",
    "BOTTLENECK, 3 4 23 3, 2049000, 44549160"
  })
  void torchvisionsResNetsHaveItsNumbersOfParameters(
      Block block, String list, long classifier, long total) {
    List<Integer> layers = Arrays.stream(list.split(" ")).map(Integer::valueOf).toList();
    GeneratorArchitecture architecture = resnet(block, layers, 64);

    // PyTorch counts running statistics as buffers.
    long backbone =
        Generator.slices(architecture).stream()
            .filter(slice -> !slice.head())
            .filter(slice -> slice.role() != Role.RUNNING_MEAN)
            .filter(slice -> slice.role() != Role.RUNNING_VARIANCE)
            .mapToLong(ParameterSlice::length)
            .sum();

    assertThat(backbone + classifier).isEqualTo(total);
    int expansion = block == Block.BASIC ? 1 : 4;
    assertThat(architecture.channels(3)).isEqualTo(256 * expansion);
    assertThat(architecture.channels(4)).isEqualTo(512 * expansion);
  }

  @Test
  void aVggIsTheSumOfItsLayersCountedByHand() {
    GeneratorArchitecture tiny =
        new GeneratorArchitecture(
            Backbone.VGG,
            List.of(1, 1, 1, 1, 1),
            1,
            2,
            List.of(6),
            List.of(new GeneratorArchitecture.Head(Level.MAIN, 5)));

    NetworkSizes sizes = NetworkSizes.of(tiny, PIXELS);

    // Channels 3, 1, 2, 4, 8, 8 and twice 16; 9*in*out: 27, 18, 72, 288, 576, 1152, 2304. Head 288.
    assertThat(sizes.parameters())
        .isEqualTo(27 + 18 + 72 + 288 + 576 + 1152 + 2304 + (1 + 2 + 4 + 8 + 8 + 16 + 16) + 290);
    assertThat(sizes.products())
        .isEqualTo(27 * 4096 + 18 * 1024 + 72 * 256 + (288 + 576 + 1152 + 2304 + 288) * 64);
    // What convolutions give, what poolings give, and two gradients as large as the first map.
    assertThat(sizes.activations())
        .isEqualTo(
            4096
                + 2 * 1024
                + 4 * 256
                + (8 + 8 + 16 + 16) * 64
                + (1024 + 2 * 256 + 4 * 64)
                + 2 * 4096);
  }

  @Test
  void aDiscriminatorIsTheSumOfItsFiveConvolutions() {
    NetworkSizes sizes = NetworkSizes.of(new DiscriminatorArchitecture(3, 2), PIXELS);

    // 16*in*out of channels 3, 2, 4, 8, 16, 1: 96, 128, 512, 2048, 256; 31 biases.
    assertThat(sizes.parameters()).isEqualTo(96 + 128 + 512 + 2048 + 256 + 31);
    assertThat(sizes.products()).isEqualTo(96 * 1024 + 128 * 256 + 512 * 64 + 2048 * 16 + 256 * 4);
  }
}
