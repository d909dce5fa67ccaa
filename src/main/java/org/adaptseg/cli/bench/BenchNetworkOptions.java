package org.adaptseg.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.Precision;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.machine.Engines;
import picocli.CommandLine.Option;

/** Sizes of the network and of its images that the benchmarks share. */
final class BenchNetworkOptions {
  @Option(names = "--width", defaultValue = "512", description = "Pixels (${DEFAULT-VALUE}).")
  int width;

  @Option(names = "--height", defaultValue = "256", description = "Pixels (${DEFAULT-VALUE}).")
  int height;

  @Option(
      names = "--layers",
      split = ",",
      defaultValue = "3,4,23,3",
      description = "Residual blocks per stage (${DEFAULT-VALUE}).")
  List<Integer> layers;

  @Option(
      names = "--base-width",
      defaultValue = "64",
      description = "Channels of the stem and of the discriminators (${DEFAULT-VALUE}).")
  int baseWidth;

  @Option(names = "--classes", defaultValue = "19", description = "Classes (${DEFAULT-VALUE}).")
  int classes;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description = "Iterations; the first is not counted in the median (${DEFAULT-VALUE}).")
  int iterations;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      converter = PrecisionConverter.class,
      description =
          "Type of feature maps: float32, tf32, bfloat16, float16 or auto (${DEFAULT-VALUE}).")
  Precision precision;

  @Option(
      names = "--engine",
      defaultValue = "auto",
      converter = EngineConverter.class,
      description = "What computes: auto, onednn, cuda or nd4j (${DEFAULT-VALUE}).")
  Arithmetic.Engine engine;

  /** A random image [3, height, width]. */
  Image image(int stream) {
    SplitMix64 random = new SplitMix64(stream);
    float[] chw = new float[Image.CHANNELS * height * width];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = random.nextInt(256) - 128f;
    }
    return new Image(height, width, chw);
  }

  /** The precision, with all that the machine has. */
  Arithmetic arithmetic() {
    return new Arithmetic(engine, precision, InstructionSet.NATIVE, Arithmetic.ANY_THREADS);
  }

  /** For the benchmark's JSON. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("width", width);
    facts.put("height", height);
    facts.put("layers", layers.stream().map(String::valueOf).collect(Collectors.joining(",")));
    Computation computation = Engines.computation(arithmetic());
    facts.put("precision", computation.precision().key());
    facts.put("instruction_set", computation.instructionSet());
    return facts;
  }
}
