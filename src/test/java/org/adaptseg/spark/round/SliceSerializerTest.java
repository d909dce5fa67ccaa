package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.adaptseg.train.LearnerState;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.util.SizeEstimator;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

class SliceSerializerTest {
  private final SerializerInstance serializer = new SliceSerializer().newInstance();

  @Test
  void recordsOfAnyLengthComeBackInOrder() {
    List<Tuple2<Long, byte[]>> records = new ArrayList<>();
    int[] lengths = {0, 1, (1 << 15) - 12, (1 << 15) - 1, 1 << 15, (1 << 15) + 1, 300_000, 5};
    for (int i = 0; i < lengths.length; i++) {
      byte[] value = new byte[lengths[i]];
      new SplittableRandom(i).nextBytes(value);
      records.add(new Tuple2<>(SliceKey.of(i, 1000 * i), value));
    }
    byte[] written = write(records);
    assertThat(written).hasSize(12 * lengths.length + Arrays.stream(lengths).sum());
    assertThat(content(read(new ByteArrayInputStream(written)))).isEqualTo(content(records));
    // From the network, a read gives as much as has come.
    assertThat(content(read(new Trickle(written)))).isEqualTo(content(records));
  }

  /** They may be moved; that the serializer does not say so chooses Spark's writer. */
  @Test
  void recordsWrittenApartAreThoseWrittenTogether() {
    Tuple2<Long, byte[]> first = new Tuple2<>(1L, new byte[] {1, 2, 3});
    Tuple2<Long, byte[]> second = new Tuple2<>(2L, new byte[] {4});
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.writeBytes(write(List.of(second)));
    turned.writeBytes(write(List.of(first)));
    assertThat(turned.toByteArray()).isEqualTo(write(List.of(second, first)));
    assertThat(new SliceSerializer().supportsRelocationOfSerializedObjects()).isFalse();
  }

  @Test
  void aSliceOfAStateIsWrittenAsItsBytes() {
    float[] values = new float[50_000];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(); // of all sizes
    }
    LearnerState state =
        new LearnerState(
            List.of(
                new LearnerState.Vector("a", Arrays.copyOf(values, 20_001)),
                new LearnerState.Vector("b", Arrays.copyOfRange(values, 20_001, values.length))));
    ByteBuffer expected =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    expected.asFloatBuffer().put(values);
    StateLayout layout = StateLayout.of(state, 2, 1);
    List<Tuple2<Long, Object>> slices = new ArrayList<>();
    List<Tuple2<Long, Object>> bytes = new ArrayList<>();
    for (int slice = 0; slice < 2; slice++) {
      slices.add(new Tuple2<>(SliceKey.of(slice, 7), new StateSlice(layout, state, state, slice)));
      byte[] half = Arrays.copyOfRange(expected.array(), slice * 100_000, (slice + 1) * 100_000);
      bytes.add(new Tuple2<>(SliceKey.of(slice, 7), half));
    }
    assertThat(write(slices)).isEqualTo(write(bytes));
  }

  @Test
  void toSparkASliceIsSmallHoweverLargeItsState() {
    LearnerState state =
        new LearnerState(List.of(new LearnerState.Vector("a", new float[1_000_000])));
    StateSlice slice = new StateSlice(StateLayout.of(state, 2, 1), state, state, 0);
    assertThat(slice.length()).isEqualTo(2_000_000);
    assertThat(SizeEstimator.estimate(new Tuple2<>(1L, slice))).isLessThan(200);
  }

  @Test
  void aStreamThatEndsInARecordIsNotTakenForAShorterOne() {
    byte[] written = write(List.of(new Tuple2<>(1L, new byte[100]), new Tuple2<>(2L, new byte[9])));
    for (int length : new int[] {113, 119, 120, 123, 124, 132}) {
      assertThatThrownBy(() -> read(new ByteArrayInputStream(written, 0, length)))
          .hasMessage("Cannot read a record of the shuffle: expected more of it, found its end");
    }
    assertThat(read(new ByteArrayInputStream(written, 0, 112))).hasSize(1);
    assertThat(read(InputStream.nullInputStream())).isEmpty();
  }

  @Test
  void aLengthThatNoRecordHasTakesNoMemory() {
    for (int length : new int[] {-1, (64 << 20) + 1, Integer.MAX_VALUE}) {
      byte[] header = ByteBuffer.allocate(12).putLong(1).putInt(length).array();
      assertThatThrownBy(() -> read(new ByteArrayInputStream(header)))
          .hasMessage(
              "Cannot read a record of the shuffle: expected 0 to 67108864 bytes, found " + length);
    }
  }

  @Test
  void serialisesNothingElse() {
    assertThatThrownBy(() -> serializer.serialize("text", ClassTag$.MODULE$.apply(String.class)))
        .hasMessage("Cannot serialise: expected a record of the shuffle, found a single object");
  }

  /** Keys and values, which are compared by what is in them. */
  private static List<Object> content(List<? extends Tuple2<?, ?>> records) {
    return records.stream()
        .<Object>map(record -> List.of(record._1(), ByteBuffer.wrap((byte[]) record._2())))
        .toList();
  }

  private byte[] write(List<? extends Tuple2<Long, ?>> records) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SerializationStream out = serializer.serializeStream(bytes);
    for (Tuple2<Long, ?> record : records) {
      out.writeKey(record._1(), ClassTag$.MODULE$.apply(Long.class));
      out.writeValue(record._2(), ClassTag$.MODULE$.Any());
    }
    out.close();
    return bytes.toByteArray();
  }

  private List<Tuple2<Object, Object>> read(InputStream in) {
    List<Tuple2<Object, Object>> records = new ArrayList<>();
    JavaConverters.asJavaIterator(serializer.deserializeStream(in).asKeyValueIterator())
        .forEachRemaining(records::add);
    return records;
  }

  /** Gives at most 1000 bytes at a time. */
  private static final class Trickle extends ByteArrayInputStream {
    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      return super.read(into, offset, Math.min(length, 1000));
    }
  }
}
