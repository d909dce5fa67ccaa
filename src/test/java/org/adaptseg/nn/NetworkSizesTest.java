package org.adaptseg.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.junit.jupiter.api.Test;

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
