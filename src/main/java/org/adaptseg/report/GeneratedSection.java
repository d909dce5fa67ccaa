package org.adaptseg.report;

/** A part of a Markdown file that a program writes, between two comments; the rest is kept. */
public final class GeneratedSection {
  private final String begin;
  private final String end;

  /**
   * @param name tells sections of a file apart
   */
  public GeneratedSection(String name) {
    this.begin = "<!-- generated: " + name + " -->";
    this.end = "<!-- end of generated: " + name + " -->";
  }

  /**
   * The file's text with the section replaced, or added at the end where there is none.
   *
   * @throws IllegalArgumentException if a comment is there without the other one
   */
  public String replace(String file, String section) {
    int from = file.indexOf(begin);
    int to = file.indexOf(end);
    if (from < 0 && to < 0) {
      String gap = file.isEmpty() ? "" : file.endsWith("\n") ? "\n" : "\n\n";
      return file + gap + whole(section) + "\n";
    }
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "Cannot replace a section: expected '%s' and then '%s', found one of them"
              .formatted(begin, end));
    }
    return file.substring(0, from) + whole(section) + file.substring(to + end.length());
  }

  private String whole(String section) {
    return begin + "\n" + section.strip() + "\n" + end;
  }
}
