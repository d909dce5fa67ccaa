package org.adaptseg.cli.bench;

import java.util.Arrays;
import org.adaptseg.config.Precision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A precision as configurations write it. */
final class PrecisionConverter implements ITypeConverter<Precision> {
  @Override
  public Precision convert(String name) {
    return Arrays.stream(Precision.values())
        .filter(precision -> precision.key().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected float32, tf32, bfloat16, float16 or auto, found '" + name + "'"));
  }
}
