package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.adaptseg.data.png.PngRaster;
import org.junit.jupiter.api.Test;

class LabelMapTest {
  private final LabelMap map = new LabelMap("streets", Map.of(0, 255, 7, 0, 8, 1));

  @Test
  void rawIdsBecomeTrainIds() throws IOException {
    LabelImage labels = map.apply(new RawLabels(1, 3, new char[] {7, 8, 0}), "a.png");
    assertThat(labels.values()).isEqualTo(new byte[] {0, 1, (byte) 255});
  }

  @Test
  void anUnknownIdIsAnErrorThatNamesItItsPlaceAndTheFile() {
    RawLabels raw = new RawLabels(2, 2, new char[] {7, 8, 3, 300});
    assertThatThrownBy(() -> map.apply(raw, "a.png"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("found 3, 300, first at row 1, column 0 (a.png)")
        .hasMessageContaining("streets");
  }

  @Test
  void samplesOfAFileAreMappedAndRefusedAlike() throws IOException {
    byte[] samples = {7, 8, 0, 7};
    PngRaster known = new PngRaster(2, 2, 1, 8, null, samples);
    assertThat(map.apply(known, "a.png").values()).isEqualTo(new byte[] {0, 1, (byte) 255, 0});

    for (int unknown : new int[] {3, 9, 200, 255}) {
      byte[] other = {7, 8, 0, (byte) unknown};
      assertThatThrownBy(() -> map.apply(new PngRaster(2, 2, 1, 8, null, other), "a.png"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("found %d, first at row 1, column 1 (a.png)", unknown);
    }
    LabelMap wide = new LabelMap("streets", Map.of(0, 5, 300, 6));
    byte[] deep = {1, 44, 0, 0};
    assertThat(wide.apply(new PngRaster(1, 2, 1, 16, null, deep), "a.png").values())
        .isEqualTo(new byte[] {6, 5});
    byte[] threefold = {0, 0, 0, 3, 3, 3};
    assertThatThrownBy(() -> wide.apply(new PngRaster(1, 2, 3, 8, null, threefold), "a.png"))
        .hasMessageContaining("found 3, first at row 0, column 1");
  }

  @Test
  void trainIdsMustFitAByte() {
    assertThatThrownBy(() -> new LabelMap("streets", Map.of(7, 256)))
        .hasMessageContaining("found 256 (raw id 7)");
  }
}
