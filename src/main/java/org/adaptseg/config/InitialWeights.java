package org.adaptseg.config;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;

/**
 * Weights of another program that the generator begins with. Every key of the file and of the
 * network must be accounted for: by a tensor of the same name and shape, or by a rule.
 *
 * @param file PyTorch's .pth or a safetensors file, local or a URI; empty for random weights
 * @param rename beginnings of keys, FROM=TO, whole components: layer5=layer6
 * @param skip keys of the file that are left out, regular expressions of whole keys
 * @param keep keys of the network that may keep their random values, regular expressions of whole
 *     keys
 */
public record InitialWeights(
    @Default("''") String file,
    @Default("[]") List<String> rename,
    @Default("[]") List<String> skip,
    @Default("[]") List<String> keep)
    implements Serializable {
  private static final Pattern RENAME = Pattern.compile("[^=\\s]+=[^=\\s]+");

  public InitialWeights {
    rename = List.copyOf(rename);
    skip = List.copyOf(skip);
    keep = List.copyOf(keep);
    new Ranges()
        .noPassword("file", file)
        .check(
            rename.stream().allMatch(r -> RENAME.matcher(r).matches()),
            "rename",
            "FROM=TO each",
            rename)
        .check(skip.stream().allMatch(InitialWeights::isRegex), "skip", "regular expressions", skip)
        .check(keep.stream().allMatch(InitialWeights::isRegex), "keep", "regular expressions", keep)
        .verify(InitialWeights.class);
  }

  private static boolean isRegex(String text) {
    try {
      Pattern.compile(text);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Whether there is a file. */
  public boolean given() {
    return !file.isBlank();
  }
}
