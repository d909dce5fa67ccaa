package org.adaptseg.spark.task;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoSerializable;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.train.LearnerState;

/**
 * A state as it is broadcast. Writes the vectors as blocks of little-endian float32, because both
 * Java's and Kryo's own way with a {@code float[]} go value by value. The tasks of one executor
 * share one instance and only read it.
 */
public final class WireState implements Externalizable, KryoSerializable {
  private static final long serialVersionUID = 1L;

  private transient LearnerState state;

  /** For deserialisation only. */
  public WireState() {}

  public WireState(LearnerState state) {
    this.state = state;
  }

  /** The state that was sent. */
  public LearnerState state() {
    return state;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    write(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    read(in);
  }

  @Override
  public void write(Kryo kryo, Output output) {
    try {
      write(new DataOutputStream(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void read(Kryo kryo, Input input) {
    try {
      read(new DataInputStream(input));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(DataOutput out) throws IOException {
    FloatBlock block = new FloatBlock();
    out.writeInt(state.vectors().size());
    for (LearnerState.Vector vector : state.vectors()) {
      float[] values = vector.values();
      out.writeUTF(vector.name());
      out.writeInt(values.length);
      block.write(FloatBuffer.wrap(values), out);
    }
  }

  private void read(DataInput in) throws IOException {
    FloatBlock block = new FloatBlock();
    int count = in.readInt();
    List<LearnerState.Vector> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      float[] values = new float[in.readInt()];
      block.read(in, values);
      vectors.add(new LearnerState.Vector(name, values));
    }
    state = new LearnerState(vectors);
  }
}
