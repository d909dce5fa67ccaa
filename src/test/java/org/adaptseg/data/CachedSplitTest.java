package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ResolvedData;
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
            16);
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
    try (CachedSplit split = new CachedSplit(below, 1)) {
      split.labelled(1);
      split.announce(1, true);
      split.announce(1, false);
      split.announce(2, true);
      split.labelled(2);
      split.announce(1, true);
    }
    assertThat(below.announced).containsExactly("1", "2 labelled", "1 labelled");
  }
}
