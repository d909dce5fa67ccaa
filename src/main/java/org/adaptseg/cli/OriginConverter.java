package org.adaptseg.cli;

import java.util.Arrays;
import org.adaptseg.config.WeightsFrom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Origins of weights under the names that they have in configurations. */
final class OriginConverter implements ITypeConverter<WeightsFrom> {
  @Override
  public WeightsFrom convert(String name) {
    return Arrays.stream(WeightsFrom.values())
        .filter(from -> from.key().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of %s, found '%s'"
                        .formatted(
                            String.join(
                                ", ",
                                Arrays.stream(WeightsFrom.values()).map(WeightsFrom::key).toList()),
                            name)));
  }
}
