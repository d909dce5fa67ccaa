package org.adaptseg.job;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.nn.StateNames;
import org.adaptseg.train.LearnerState;

/**
 * A trained network.
 *
 * @param state with the generator's parameters at least
 * @param iteration iterations made; 0 where that is not known
 * @param title what it is, for a person
 */
public record TrainedNetwork(LearnerState state, long iteration, String title) {
  private static final int CHUNK = 1 << 16;

  /** The network of a checkpoint. */
  public static TrainedNetwork of(Checkpoint checkpoint) {
    long iteration = checkpoint.iteration();
    return new TrainedNetwork(checkpoint.state(), iteration, "iteration " + iteration);
  }

  /** By which a network is told from another: SHA-256 of its values as little-endian float32. */
  public String parametersSha256() {
    float[] values = state.values(StateNames.GENERATOR_PARAMETERS);
    MessageDigest digest = Sha256.digest();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.clear();
      bytes.asFloatBuffer().put(values, from, count);
      digest.update(bytes.array(), 0, count * Float.BYTES);
    }
    return Sha256.of(digest);
  }
}
