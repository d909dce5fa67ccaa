package org.adaptseg.cli.bench;

import java.util.Arrays;
import org.adaptseg.config.Arithmetic;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An engine as configurations write it. */
final class EngineConverter implements ITypeConverter<Arithmetic.Engine> {
  @Override
  public Arithmetic.Engine convert(String name) {
    return Arrays.stream(Arithmetic.Engine.values())
        .filter(engine -> engine.key().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected auto, onednn, cuda or nd4j, found '" + name + "'"));
  }
}
