package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.YamlMutations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file of weights holds, the answer is tensors or a message; nothing of it is run. */
@Tag("faults")
class WeightFilesFuzzTest {
  private static final int INPUTS = 10_000;

  /** The inputs have a few kilobytes; tensors are bounded by the file, texts by 64 kilobytes. */
  private static final long BYTES = 32L << 20;

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /**
   * Operations of pickles, those that call something among them, and names that must be refused.
   */
  private static final List<String> PIECES =
      List.of(
          "(",
          ")",
          "]",
          "}",
          "t",
          "l",
          "d",
          "0",
          "1",
          "2",
          "a",
          "e",
          "s",
          "u",
          "b",
          "R",
          "Q",
          "N",
          "c",
          "i",
          "o",
          "\u0081",
          "\u0085",
          "\u0086",
          "\u0087",
          "\u0088",
          "\u0093",
          "\u0094",
          "h\0",
          "q\0",
          "j\0\0\0\0",
          "r\u00ff\u00ff\u00ff\u00ff",
          "X\u00ff\u00ff\u00ff\u007f",
          "T\0\0\0\1",
          "\u008a\u00ff",
          "cposix\nsystem\n",
          "cbuiltins\neval\n",
          "ctorch._utils\n_rebuild_tensor_v2\n",
          "ccollections\nOrderedDict\n",
          "ctorch\nFloatStorage\n",
          "K\1",
          "M\u00ff\u00ff",
          "J\u00ff\u00ff\u00ff\u00ff",
          "G\0\0\0\0\0\0\0\0",
          ".",
          "\u0080\2",
          "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");

  @TempDir Path directory;

  @Test
  void aSafetensorsFileIsReadOrRefused() throws IOException {
    ByteArrayOutputStream seed = new ByteArrayOutputStream();
    SafetensorsFile.write(
        Map.of(
            "layer1.weight", Tensor.of(new float[24], 0, 2, 3, 4),
            "layer1.bias", Tensor.of(new float[] {1, 2}, 0, 2)),
        Map.of("format", "pt"),
        seed);
    check(
        List.of(seed.toByteArray()),
        WeightFilesFuzzTest::mutatedSafetensors,
        file -> SafetensorsFile.read(new ByteArrayInputStream(file), file.length));
  }

  @Test
  void aPickleIsReadOrRefused() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (Path file : GoldenTensors.files("state-*.pth")) {
      if (!file.toString().contains("legacy")) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
          seeds.add(pickle(zip));
        }
      }
    }
    check(
        seeds,
        WeightFilesFuzzTest::mutatedPickle,
        file -> PickleReader.read(new ByteArrayInputStream(file)));
  }

  @Test
  void aTorchFileIsReadOrRefused() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (Path file : GoldenTensors.files("state-*.pth")) {
      seeds.add(Files.readAllBytes(file));
    }
    Path file = directory.resolve("fuzz.pth");
    check(
        seeds,
        WeightFilesFuzzTest::mutatedTorch,
        bytes -> {
          Files.write(file, bytes);
          TorchFile.read(file, Arrays.copyOf(bytes, 16), "");
        });
  }

  @Test
  void aZipFileOfDl4jIsReadOrRefused() throws IOException {
    byte[] coefficients = Dl4jZip.coefficients(Dl4jZip.VALUES);
    Path file = directory.resolve("fuzz.zip");
    check(
        List.of(Dl4jZip.CONFIGURATION.getBytes(StandardCharsets.UTF_8)),
        (seed, random) -> mutatedDl4j(seed, coefficients, random),
        bytes -> {
          Files.write(file, bytes);
          Dl4jFile.read(file);
        });
  }

  @Test
  void aStorageThatIsSeenAThousandTimesIsRefusedBeforeItIsCopiedThatOften() throws IOException {
    assertThat(TorchFile.read(views(8), HEAD, "").tensors()).hasSize(8);
    Path many = views(1000);
    assertThatThrownBy(() -> TorchFile.read(many, HEAD, ""))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("share a storage at most 8 times over");
  }

  private static final byte[] HEAD = {'P', 'K', 3, 4};

  /** An archive of so many tensors of 100 values that are all the same storage. */
  private Path views(int count) throws IOException {
    StringBuilder pickle = new StringBuilder("\u0080\2}(");
    for (int i = 0; i < count; i++) {
      String key = "t%05d".formatted(i);
      pickle.append("X\6\0\0\0").append(key);
      pickle.append("ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storage");
      pickle.append(
          "ctorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpuKdtQK\0Kd\u0085K\1\u0085\u0089}tR");
    }
    pickle.append("u.");
    Path file = directory.resolve("views-%d.pth".formatted(count));
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      stored(out, "archive/data.pkl", pickle.toString().getBytes(StandardCharsets.ISO_8859_1));
      stored(out, "archive/data/0", new byte[400]);
    }
    return file;
  }

  private static void stored(ZipOutputStream out, String name, byte[] data) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(data);
    out.closeEntry();
  }

  private static void check(List<byte[]> seeds, Fuzz.Mutator mutator, Fuzz.Parser parser) {
    Fuzz.Parser declared =
        input -> {
          try {
            parser.parse(input);
          } catch (WeightsException e) {
            throw new IOException(e.getMessage(), e);
          }
        };
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            LIMIT, () -> Fuzz.run(INPUTS, seeds, mutator, BYTES, IOException.class, declared));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 200, INPUTS * 9 / 10);
  }

  /** Mostly changes of the header, with its length set right. */
  private static byte[] mutatedSafetensors(byte[] seed, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return Fuzz.bytes(seed, random);
    }
    int length = (int) ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = YamlMutations.mutate(Arrays.copyOfRange(seed, 8, 8 + length), random);
    byte[] file = Fuzz.splice(seed, 8, 8 + length, header);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
    return file;
  }

  /** Changes of the configuration or of the values, and now and then of the archive. */
  private static byte[] mutatedDl4j(byte[] seed, byte[] values, SplittableRandom random) {
    try {
      boolean layers = random.nextInt(3) != 0;
      byte[] configuration = layers ? YamlMutations.mutate(seed, random) : seed;
      byte[] zip =
          Dl4jZip.of(
              new String(configuration, StandardCharsets.UTF_8),
              layers ? values : Fuzz.bytes(values, random));
      return random.nextInt(8) == 0 ? Fuzz.bytes(zip, random) : zip;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] mutatedPickle(byte[] seed, SplittableRandom random) {
    byte[] pickle = seed;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(pickle.length);
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      int end = random.nextBoolean() ? at : Math.min(pickle.length, at + piece.length());
      pickle = Fuzz.splice(pickle, at, end, piece.getBytes(StandardCharsets.ISO_8859_1));
    }
    return random.nextInt(3) == 0 ? Fuzz.bytes(pickle, random) : pickle;
  }

  /** Mostly changes inside of an archive's entries, so that they are still found. */
  private static byte[] mutatedTorch(byte[] seed, SplittableRandom random) {
    if (seed[0] != 'P') {
      return random.nextBoolean() ? Fuzz.bytes(seed, random) : mutatedPickle(seed, random);
    }
    if (random.nextInt(4) == 0) {
      return Fuzz.bytes(seed, random);
    }
    try {
      Path archive = Files.createTempFile("fuzz-", ".pth");
      try {
        Files.write(archive, seed);
        return repacked(archive, random);
      } finally {
        Files.delete(archive);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] repacked(Path archive, SplittableRandom random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipFile zip = new ZipFile(archive.toFile());
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      int victim = random.nextInt(zip.size());
      int i = 0;
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        byte[] data;
        try (InputStream in = zip.getInputStream(entry)) {
          data = in.readAllBytes();
        }
        String name = entry.getName();
        if (i++ == victim || name.endsWith("data.pkl") && random.nextBoolean()) {
          data = name.endsWith("data.pkl") ? mutatedPickle(data, random) : Fuzz.bytes(data, random);
          name = random.nextInt(8) == 0 ? "../../" + name : name;
        }
        ZipEntry copy = new ZipEntry(name);
        if (random.nextInt(20) != 0) {
          CRC32 crc = new CRC32();
          crc.update(data);
          copy.setMethod(ZipEntry.STORED);
          copy.setSize(data.length);
          copy.setCrc(crc.getValue());
        }
        out.putNextEntry(copy);
        out.write(data);
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] pickle(ZipFile zip) throws IOException {
    for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
      if (entry.getName().endsWith("/data.pkl")) {
        try (InputStream in = zip.getInputStream(entry)) {
          return in.readAllBytes();
        }
      }
    }
    throw new IllegalArgumentException("no pickle");
  }
}
