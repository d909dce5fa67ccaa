package org.adaptseg.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import org.adaptseg.checkpoint.StateFile.VectorEntry;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.train.LearnerState.Vector;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes and reads one vector as raw little-endian float32, hashing on the way. */
final class VectorFiles {
  private static final int BLOCK = 1 << 16;

  private VectorFiles() {}

  static VectorEntry write(Path directory, Vector vector, Configuration configuration)
      throws IOException {
    float[] values = vector.values();
    byte[] block = new byte[BLOCK * Float.BYTES];
    FloatBuffer floats = floats(block);
    MessageDigest digest = Sha256.digest();
    Path path = new Path(directory, VectorEntry.fileOf(vector.name()));
    WholeFile.write(
        path,
        out -> {
          for (int start = 0; start < values.length; start += BLOCK) {
            int count = Math.min(BLOCK, values.length - start);
            floats.put(0, values, start, count);
            digest.update(block, 0, count * Float.BYTES);
            out.write(block, 0, count * Float.BYTES);
          }
        },
        configuration);
    String hash = Sha256.of(digest);
    return new VectorEntry(vector.name(), values.length, (long) values.length * Float.BYTES, hash);
  }

  static Vector read(FileSystem fileSystem, Path directory, VectorEntry entry) throws IOException {
    Path path = new Path(directory, entry.file());
    long found;
    try {
      found = fileSystem.getFileStatus(path).getLen();
    } catch (FileNotFoundException e) {
      throw new CorruptCheckpointException(
          String.format(
              Locale.ROOT,
              "expected %s of %d bytes, found no such file",
              entry.file(),
              entry.bytes()));
    }
    // Before the array is made: its size comes from the file that is being checked.
    if (found != entry.bytes()) {
      throw new CorruptCheckpointException(
          String.format(
              Locale.ROOT,
              "expected %s of %d bytes, found %d",
              entry.file(),
              entry.bytes(),
              found));
    }
    float[] values = new float[entry.length()];
    byte[] block = new byte[BLOCK * Float.BYTES];
    FloatBuffer floats = floats(block);
    MessageDigest digest = Sha256.digest();
    try (InputStream in = fileSystem.open(path)) {
      for (int start = 0; start < values.length; start += BLOCK) {
        int count = Math.min(BLOCK, values.length - start);
        if (in.readNBytes(block, 0, count * Float.BYTES) < count * Float.BYTES) {
          throw new CorruptCheckpointException(
              String.format(
                  Locale.ROOT,
                  "expected %s of %d bytes, found fewer",
                  entry.file(),
                  entry.bytes()));
        }
        digest.update(block, 0, count * Float.BYTES);
        floats.get(0, values, start, count);
      }
    }
    String hash = Sha256.of(digest);
    if (!hash.equals(entry.sha256())) {
      throw new CorruptCheckpointException(
          "expected %s with SHA-256 %s, found %s".formatted(entry.file(), entry.sha256(), hash));
    }
    return new Vector(entry.name(), values);
  }

  private static FloatBuffer floats(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
