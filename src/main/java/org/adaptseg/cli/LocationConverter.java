package org.adaptseg.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.adaptseg.config.yaml.Locations;
import picocli.CommandLine.ITypeConverter;
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

  @Override
  public String convert(String text) {
    try {
      return Locations.given(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
