package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
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
  void trainIdsMustFitAByte() {
    assertThatThrownBy(() -> new LabelMap("streets", Map.of(7, 256)))
        .hasMessageContaining("found 256 (raw id 7)");
  }
}
