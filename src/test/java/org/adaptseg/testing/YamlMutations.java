package org.adaptseg.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Changes YAML and JSON text where parsers are tender: values, keys, indentation, nesting. */
public final class YamlMutations {
  private static final List<String> TOKENS =
      List.of(
          "null",
          "~",
          "[]",
          "{}",
          "&a x",
          "*a",
          "!!java.lang.Runtime {}",
          "!<tag:x> 1",
          "-1",
          "0",
          "1e999",
          "-1e-999",
          "NaN",
          ".inf",
          "0x7f",
          "1_000",
          "9223372036854775808",
          "2147483648",
          "true",
          "no",
          "''",
          "\"\\u0000\"",
          "\"\\uD800\"",
          "|",
          ">-",
          "? ",
          "- ",
          ": ",
          "%YAML 9.9",
          "---",
          "...",
          "@",
          "`",
          "\t",
          "\u0085",
          "\uFEFF",
          "{a: 1, a: 2}",
          "[1, 2",
          "}",
          "../../x",
          "<<: *a",
          "source-only",
          "adversarial",
          "s3a://k:s@b/x",
          "x.yaml",
          "\u0000");

  private YamlMutations() {}

  /** One to four changes of the text, now and then of its bytes too. */
  public static byte[] mutate(byte[] seed, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      return Fuzz.bytes(seed, random);
    }
    String text = new String(seed, StandardCharsets.UTF_8);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      text = change(text, random);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String change(String text, SplittableRandom random) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    switch (random.nextInt(9)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, line);
      case 2 -> lines.set(at, " ".repeat(random.nextInt(4)) + line);
      case 3 -> lines.set(at, line.stripLeading());
      case 4 -> lines.set(at, line.replaceFirst(":.*", ": " + quoted(token(random))));
      case 5 -> lines.set(at, word(line, random, token(random)));
      case 6 -> lines.set(at, line + nested(random));
      case 7 -> lines.set(at, word(line, random, "x".repeat(1 << random.nextInt(16))));
      default -> lines.add(at, lines.get(random.nextInt(lines.size())));
    }
    return String.join("\n", lines);
  }

  private static String quoted(String replacement) {
    return java.util.regex.Matcher.quoteReplacement(replacement);
  }

  private static String token(SplittableRandom random) {
    return TOKENS.get(random.nextInt(TOKENS.size()));
  }

  private static String word(String line, SplittableRandom random, String by) {
    String[] words = line.split("(?<=[ ,:{}\\[\\]])", -1);
    words[random.nextInt(words.length)] = by;
    return String.join("", words);
  }

  private static String nested(SplittableRandom random) {
    int depth = 1 << random.nextInt(15);
    return " " + (random.nextBoolean() ? "[" : "{a: ").repeat(depth);
  }
}
