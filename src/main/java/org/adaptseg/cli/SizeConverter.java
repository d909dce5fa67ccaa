package org.adaptseg.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 512x256} (width, height), or {@code 512} for a square. */
final class SizeConverter implements ITypeConverter<SizeConverter.Size> {
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4})(?:x([1-9]\\d{0,4}))?");

  /** Pixels. */
  record Size(int width, int height) {}

  @Override
  public Size convert(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "expected a width and a height in pixels, for example 512x256, found '" + text + "'");
    }
    int width = Integer.parseInt(matcher.group(1));
    return new Size(width, matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2)));
  }
}
