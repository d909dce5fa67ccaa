package org.adaptseg.data;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;

/** Several splits one after the other. Where there are several, ids begin with the split's name. */
final class JoinedSplit implements Split {
  /** A split and its name, for ids. */
  record Named(String name, Split split) {}

  private final List<Named> splits;
  private final int size;

  /** Where an index is. */
  private record Place(Named of, int index) {}

  /**
   * @param splits at least one, owned: closing this closes them
   */
  JoinedSplit(List<Named> splits) {
    this.splits = List.copyOf(splits);
    this.size = splits.stream().mapToInt(named -> named.split().size()).sum();
  }

  private Place place(int index) {
    int rest = index;
    for (Named named : splits) {
      if (rest < named.split().size()) {
        return new Place(named, rest);
      }
      rest -= named.split().size();
    }
    throw new IndexOutOfBoundsException(
        String.format(
            Locale.ROOT,
            "Cannot find a sample: expected an index below %d, found %d",
            size,
            index));
  }

  private String id(Place place, String id) {
    return splits.size() == 1 ? id : place.of().name() + " " + id;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String id(int index) {
    Place place = place(index);
    return id(place, place.of().split().id(place.index()));
  }

  @Override
  public Sample.Labelled labelled(int index) throws IOException {
    Place place = place(index);
    Sample.Labelled sample = place.of().split().labelled(place.index());
    return new Sample.Labelled(id(place, sample.id()), sample.image(), sample.labels());
  }

  @Override
  public Sample.Unlabelled unlabelled(int index) throws IOException {
    Place place = place(index);
    Sample.Unlabelled sample = place.of().split().unlabelled(place.index());
    return new Sample.Unlabelled(id(place, sample.id()), sample.image());
  }

  @Override
  public RgbImage pixels(int index) throws IOException {
    Place place = place(index);
    return place.of().split().pixels(place.index());
  }

  @Override
  public LabelImage originalLabels(int index) throws IOException {
    Place place = place(index);
    return place.of().split().originalLabels(place.index());
  }

  @Override
  public void announce(int index, boolean labelled) {
    Place place = place(index);
    place.of().split().announce(place.index(), labelled);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Named named : splits) {
      try {
        named.split().close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
