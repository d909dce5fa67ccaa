package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rebuilds the tensors of the golden files from their names (see README.md beside the files) and
 * finds the files: in the directory that the system property {@code golden.dir} names, by default
 * those of this repository.
 */
public final class GoldenTensors {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private GoldenTensors() {}

  /** Where the golden files are. */
  public static Path directory() {
    return Path.of(System.getProperty("golden.dir", "src/test/resources/golden"));
  }

  /**
   * The files whose names match a glob, sorted; at least one, so that a wrong directory fails
   * instead of testing nothing.
   */
  public static List<Path> files(String glob) {
    try (Stream<Path> all = Files.list(directory())) {
      var matcher = directory().getFileSystem().getPathMatcher("glob:" + glob);
      List<Path> found = all.filter(p -> matcher.matches(p.getFileName())).sorted().toList();
      if (found.isEmpty()) {
        throw new IllegalStateException(
            "Cannot test: expected files " + glob + ", found none (" + directory() + ")");
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code n} values in −1..1, exact in float32. */
  public static float[] unit(String name, long seed, int n) {
    long h = hash(name, seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (2 * ((scatter(h, i) >>> 40) * 0x1.0p-24) - 1);
    }
    return values;
  }

  /** {@code n} labels 0..classes-1 or 255. */
  public static int[] labels(String name, long seed, int n, int classes) {
    long h = hash(name, seed);
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      int k = (int) ((scatter(h, i) >>> 33) % (classes + 1));
      values[i] = k == classes ? 255 : k;
    }
    return values;
  }

  /** {@code n} bytes. */
  public static byte[] bytes(String name, long seed, int n) {
    long h = hash(name, seed);
    byte[] values = new byte[n];
    for (int i = 0; i < n; i++) {
      values[i] = (byte) (scatter(h, i) >>> 56);
    }
    return values;
  }

  private static long hash(String name, long seed) {
    long h = 0xCBF29CE484222325L ^ seed;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return h;
  }

  private static long scatter(long h, int i) {
    long z = h + (i + 1) * GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
