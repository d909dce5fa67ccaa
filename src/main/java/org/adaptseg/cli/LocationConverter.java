package org.adaptseg.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.adaptseg.config.yaml.Locations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Paths and URIs of options, {@code ~} included: the shell leaves it where = stands before it. */
final class LocationConverter implements ITypeConverter<String> {
  /** The same for paths of this machine. */
  static final class Local implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      try {
        return Path.of(new LocationConverter().convert(text));
      } catch (InvalidPathException e) {
        throw new TypeConversionException("expected a path, found '" + text + "'");
      }
    }
  }

  /**
   * Refuses paths and URIs that are given and empty. A default may be empty, and says so that
   * nothing is given; a converter cannot tell one from the other.
   *
   * @throws ParameterException naming the option
   */
  static void requireGiven(ParseResult parsed) {
    for (ArgSpec argument : parsed.matchedArgs()) {
      boolean isPath =
          Stream.of(argument.converters())
              .anyMatch(c -> c instanceof LocationConverter || c instanceof Local);
      if (isPath && argument.originalStringValues().stream().anyMatch(String::isBlank)) {
        throw new ParameterException(
            parsed.commandSpec().commandLine(),
            "Cannot use %s: expected a path, found nothing (is a variable of the shell empty?)"
                .formatted(
                    argument instanceof OptionSpec option
                        ? option.longestName()
                        : argument.paramLabel()));
      }
    }
  }

  @Override
  public String convert(String text) {
    try {
      return Locations.given(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
