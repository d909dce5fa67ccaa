package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.streets.StreetDomain;
import org.junit.jupiter.api.Test;

class CachedSplitTest {
  private static final class Listening implements Split {
    private final Split split =
        new SyntheticSplit(
            "streets",
            StreetDomain.SOURCE.appearance(),
            ResolvedData.labelSpace("synthetic-8"),
            1,
            0,
            3,
            32,
            16,
            Normalisation.CAFFE,
            Image.Form.VALUES);
    private final List<String> announced = new ArrayList<>();

    @Override
    public int size() {
      return split.size();
    }

    @Override
    public String id(int index) {
      return split.id(index);
    }

    @Override
    public Sample.Labelled labelled(int index) throws IOException {
      return split.labelled(index);
    }

    @Override
    public Sample.Unlabelled unlabelled(int index) throws IOException {
      return split.unlabelled(index);
    }

    @Override
    public RgbImage pixels(int index) throws IOException {
      return split.pixels(index);
    }

    @Override
    public LabelImage originalLabels(int index) throws IOException {
      return split.originalLabels(index);
    }

    @Override
    public void announce(int index, boolean labelled) {
      announced.add(index + (labelled ? " labelled" : ""));
    }

    @Override
    public void close() throws IOException {
      split.close();
    }
  }

  @Test
  void onlyWhatIsNotKeptIsAnnounced() throws IOException {
    Listening below = new Listening();
    try (CachedSplit split = new CachedSplit(below, new SampleCache(1))) {
      split.labelled(1);
      split.announce(1, true);
      split.announce(1, false);
      split.announce(2, true);
      split.labelled(2);
      split.announce(1, true);
    }
    assertThat(below.announced).containsExactly("1", "2 labelled", "1 labelled");
  }

  @Test
  void readersOfOneCacheReadASampleOnce() throws IOException {
    SampleCache cache = SampleCache.shared("readersOfOneCache", 3);
    SampleCache same = SampleCache.shared("readersOfOneCache", 3);
    SampleCache another = SampleCache.shared("readersOfAnotherCache", 3);
    try (CachedSplit first = new CachedSplit(new Listening(), cache);
        CachedSplit second = new CachedSplit(new Listening(), same);
        CachedSplit third = new CachedSplit(new Listening(), another)) {
      Sample.Labelled read = first.labelled(1);
      assertThat(second.labelled(1)).isSameAs(read);
      assertThat(third.labelled(1)).isNotSameAs(read);
      assertThat(first.decoded()).isEqualTo(1);
      assertThat(second.decoded()).isZero();
      assertThat(third.decoded()).isEqualTo(1);
    }
  }

  @Test
  void aReaderThatEndsTakesNothingFromTheOthers() throws IOException {
    SampleCache cache = new SampleCache(3);
    Sample.Labelled read;
    try (CachedSplit first = new CachedSplit(new Listening(), cache)) {
      read = first.labelled(2);
    }
    try (CachedSplit second = new CachedSplit(new Listening(), cache)) {
      assertThat(second.labelled(2)).isSameAs(read);
    }
  }
}
