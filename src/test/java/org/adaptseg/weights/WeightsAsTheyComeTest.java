package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.adaptseg.testing.TorchArchive;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that training programs, downloads and other tools leave by the name of {@code .pth}. */
class WeightsAsTheyComeTest {
  private static final String NAMESPACE = object("argparse", "Namespace", dict("lr", "F0.1\n"));

  @TempDir Path directory;

  /** Storages that the file of a test has. */
  private int storages;

  private static String text(String text) {
    return "V" + text + "\n";
  }

  private static String dict(String... keysAndValues) {
    StringBuilder dict = new StringBuilder("}(");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      dict.append(text(keysAndValues[i])).append(keysAndValues[i + 1]);
    }
    return dict + "u";
  }

  /** An object of a class that is called without arguments and given a state. */
  private static String object(String module, String name, String state) {
    return "c%s\n%s\n)\u0081%sb".formatted(module, name, state);
  }

  private String tensor() {
    return tensor("FloatStorage");
  }

  private String tensor(String type) {
    return "ctorch._utils\n_rebuild_tensor_v2\n(("
        + text("storage")
        + "ctorch\n%s\n".formatted(type)
        + text(String.valueOf(storages++))
        + text("cpu")
        + "I1\ntQI0\n(I1\nt(I1\nt\u0089)tR";
  }

  private StateDictionary read(String value, String key) throws IOException {
    Path file = directory.resolve("a.pth");
    TorchArchive.write("\u0080\2" + value + ".", storages, file);
    return WeightFiles.read(new org.apache.hadoop.fs.Path(file.toUri()), key, new Configuration());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cnumpy._core.multiarray\nscalar\n(cnumpy\ndtype\n(Vf8\nI0\nI1\ntRVx\ntR",
        "cnumpy._core.multiarray\n"
            + "_reconstruct\n"
            + "(cnumpy\n"
            + "ndarray\n"
            + "(I0\n"
            + "tVb\n"
            + "tR(I1\n"
            + "(I2\n"
            + "tNI00\n"
            + "Vx\n"
            + "tb",
        "ccollections\ndefaultdict\n(cbuiltins\nlist\ntR(Va\n]u",
        "ccollections\nCounter\n(}Va\nI1\nstR",
        "cpathlib\nPosixPath\n(Va\nVb\ntR",
        "ctorch\ndevice\n(Vcpu\ntR",
        "ctorch\nfloat32\n",
        "ctorch\nSize\n)\u0081",
        "cdatetime\ndatetime\n(U\1xtR",
        "cmine\nMode\n(I1\ntR",
        "cmine\ntrain\n",
        "(imine\nOld\n}b",
        "(cmine\nOld\nI1\no",
        "\u008f(I1\n\u0090",
        "(I1\n\u0091",
        "C\2ab",
        "B\2\0\0\0ab",
        "}(I1\nI2\ntI3\ns",
        "cbuiltins\ncomplex\n(F1\nF2\ntR",
        "cfunctools\npartial\n(cmine\nf\ntR(cmine\nf\n)}Ntb"
      })
  void objectsBesideTensorsArePassedOver(String object) throws IOException {
    String state = dict("w", tensor());
    StateDictionary nested =
        read(dict("before", object, "state_dict", state, "args", NAMESPACE), "");
    assertThat(nested.tensors()).containsOnlyKeys("w");
    assertThat(nested.place()).isEqualTo("state_dict");
    storages = 0;
    StateDictionary flat = read(dict("before", object, "w", tensor(), "args", NAMESPACE), "");
    assertThat(flat.tensors()).containsOnlyKeys("w");
    assertThat(flat.others()).containsOnlyKeys("before", "args");
    assertThat(flat.others()).containsEntry("args", "argparse.Namespace");
  }

  @Test
  void aTextOfAnyLengthIsPassedOver() throws IOException {
    String log = "X\u0000\u0000\u0002\u0000" + "x".repeat(2 << 16);
    assertThat(read(dict("log", log, "w", tensor()), "").others())
        .containsEntry("log", "a text of 131072 bytes");
  }

  @ParameterizedTest
  @CsvSource({"posix,system", "nt,system", "subprocess,Popen", "builtins,eval", "os.path,join"})
  void namesThatRunProgramsAreRefused(String module, String name) {
    String attack = "c%s\n%s\n(Vtrue\ntR".formatted(module, name);
    assertThatThrownBy(() -> read(dict("x", attack, "w", tensor()), ""))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("found the name %s.%s; nothing was run".formatted(module, name));
  }

  @Test
  void theTensorsOfAnOptimiserAndOfGeneratorsOfRandomNumbersAreNotTaken() throws IOException {
    String momenta = dict("a", tensor(), "b", tensor(), "c", tensor());
    String saved =
        dict(
            "optimizer", dict("state", momenta),
            "net", dict("w", tensor()),
            "rng_state", tensor("ByteStorage"));
    assertThat(read(saved, "").place()).isEqualTo("net");
  }

  @Test
  void amongSeveralDictionariesTheUsualNameWinsAndTheOthersAreSaid() throws IOException {
    StateDictionary found =
        read(dict("ema", dict("w", tensor()), "state_dict", dict("w", tensor())), "");
    assertThat(found.place()).isEqualTo("state_dict");
    assertThat(found.alternatives()).isEqualTo("'ema' (1 tensors)");
  }

  @Test
  void amongSeveralWithoutAUsualNameAPersonChooses() throws IOException {
    String saved = dict("teacher", dict("w", tensor()), "student", dict("v", tensor()));
    assertThatThrownBy(() -> read(saved, ""))
        .hasMessageContaining("found 'teacher' (1 tensors), 'student' (1 tensors)")
        .hasMessageContaining("name one by --key (initial-weights.key)");
    assertThat(read(saved, "student").tensors()).containsOnlyKeys("v");
    assertThatThrownBy(() -> read(saved, "studnet"))
        .hasMessageContaining("under the key 'studnet', found none; there are 'teacher'");
  }

  @ParameterizedTest
  @CsvSource({"a.b", "a.b.c.d"})
  void aKeyLeadsThroughDictionariesAndMayHoldDots(String key) throws IOException {
    String saved =
        dict(
            "a", dict("b", dict("w", tensor()), "b.c", dict("d", dict("w", tensor()))),
            "big", dict("v", tensor(), "w", tensor(), "x", tensor()));
    assertThat(read(saved, key).tensors()).containsOnlyKeys("w");
  }

  @Test
  void aModelThatWasPickledWholeGivesItsStateDictionary() throws IOException {
    String layer =
        object(
            "torch.nn.modules.conv",
            "Conv2d",
            dict(
                "_parameters",
                dict("weight", tensor(), "bias", "N"),
                "_buffers",
                "}",
                "_modules",
                "}"));
    String model =
        object(
            "mine",
            "Net",
            dict(
                "_parameters",
                "}",
                "_buffers",
                dict("m", tensor()),
                "_modules",
                dict("conv1", layer)));
    assertThat(read(model, "").tensors()).containsOnlyKeys("m", "conv1.weight");
    assertThat(read(dict("net", model), "").tensors()).hasSize(2);
  }

  @Test
  void withoutTensorsTheMessageSaysWhatIsThere() {
    assertThatThrownBy(() -> read(dict("epoch", "I3\n", "args", NAMESPACE), ""))
        .hasMessageContaining("found none; there are epoch (a number), args (argparse.Namespace)");
    assertThatThrownBy(() -> read(dict("w", tensor("ComplexFloatStorage")), ""))
        .hasMessageContaining("w (a tensor of torch.ComplexFloatStorage)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\n<!DOCTYPE html><html> | a web page",
        "<?xml version='1.0'?><Error> | an XML or HTML text, such as a server's error message",
        "version https://git-lfs.github.com/spec/v1\\noid | a pointer of Git LFS",
        "'' | an empty file",
        "Not Found | a text: 'Not Found'",
        "{\"weight_map\":{}} | the index of weights in several files",
        "\\x89HDF\\r\\n\\x1a\\n\\x00 | an HDF5 file, such as TensorFlow's",
        "\\x93NUMPY\\x01 | a NumPy array",
        "\\x08\\x07\\x12\\x07pytorch | an ONNX model",
        "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00 | zero bytes",
        "\\x05\\xf0\\xe1 | begins with the bytes 05 f0 e1",
        "\\x80\\x04K\\x07. | such as pickle.dump writes",
        "PK\\x05\\x06\\x00 | an empty zip archive"
      })
  void whatIsNoFileOfWeightsIsNamedForWhatItIs(String content, String message) throws IOException {
    assertRefused(bytes(content), message);
  }

  private static byte[] bytes(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        bytes.write(c);
      } else if (escaped.charAt(++i) == 'x') {
        bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(escaped.charAt(i) == 'n' ? '\n' : '\r');
      }
    }
    return bytes.toByteArray();
  }

  private void assertRefused(byte[] content, String message) throws IOException {
    Path file = Files.write(directory.resolve("b.pth"), content);
    assertThatThrownBy(
            () ->
                WeightFiles.read(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("b.pth");
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write("content".getBytes(StandardCharsets.US_ASCII));
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void archivesAreNamedForWhatTheyAre() throws IOException {
    assertRefused(zip("a.npy", "b.npy"), "found NumPy arrays (.npz)");
    assertRefused(zip("m/data.pkl", "m/constants.pkl", "m/code/m.py"), "a TorchScript program");
    assertRefused(zip("x/model.pth"), "a zip archive of x/model.pth; unpack it first");
    assertRefused(zip("a/data.pkl"), "it was repacked by another program");
    byte[] whole = zip("a/data.pkl");
    assertRefused(Arrays.copyOf(whole, whole.length - 30), "the file is cut or damaged");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(whole);
    }
    assertRefused(packed.toByteArray(), "a gzip file; unpack it first");
    byte[] tar = new byte[512];
    System.arraycopy("sys_info".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 8);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertRefused(tar, "the tar format of PyTorch before 0.2");
  }

  @Test
  void anArchiveWithAChangedValueIsRefused() throws IOException {
    Path file = directory.resolve("a.pth");
    TorchArchive.write(Map.of("w", Tensor.of(new float[] {1.5f, 2.5f}, 0, 2)), file);
    byte[] archive = Files.readAllBytes(file);
    ByteBuffer values = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (values.getFloat(at) != 1.5f || values.getFloat(at + 4) != 2.5f) {
      at++;
    }
    values.putFloat(at, 3);
    assertRefused(archive, "the file is damaged");
  }

  @Test
  void aCutSafetensorsFileSaysSo() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    SafetensorsFile.write(Map.of("w", Tensor.of(new float[10], 0, 10)), Map.of(), file);
    byte[] whole = file.toByteArray();
    assertRefused(Arrays.copyOf(whole, whole.length - 4), "the file is cut");
    assertRefused(Arrays.copyOf(whole, 20), "it may be cut");
  }
}
