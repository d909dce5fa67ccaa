package org.adaptseg.spark.task;

import static org.adaptseg.spark.round.RoundRunnerTest.bits;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class WireStateTest {
  @Test
  void bothOfSparksSerializersKeepEveryBitAtFourBytesAValue() {
    float[] values = new float[50_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(i * 85_899);
    }
    LearnerState state =
        new LearnerState(
            List.of(
                new Vector("generator.parameters", values),
                new Vector("empty", new float[0]),
                new Vector("discriminator-aux.adam-m", new float[] {-0.0f, Float.MIN_VALUE})));
    SparkConf conf = new SparkConf();
    for (Serializer serializer : List.of(new JavaSerializer(conf), new KryoSerializer(conf))) {
      ClassTag<WireState> tag = ClassTag$.MODULE$.apply(WireState.class);
      ByteBuffer bytes = serializer.newInstance().serialize(new WireState(state), tag);
      assertThat(bytes.remaining()).isBetween(200_000, 202_500);
      WireState copy = serializer.newInstance().deserialize(bytes, tag);
      assertThat(bits(copy.state())).isEqualTo(bits(state));
      assertThat(copy.state().vectors())
          .extracting(Vector::name)
          .containsExactly("generator.parameters", "empty", "discriminator-aux.adam-m");
    }
  }
}
