package org.adaptseg.config;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Location;
import org.adaptseg.config.yaml.Ranges;

/**
 * What the generator begins with. Every key of a file and of the network must be accounted for: by
 * a tensor of the same name and shape, or by a rule.
 *
 * @param file PyTorch's .pth, a safetensors file or DL4J's zip file, local or a URI; empty for
 *     random weights, unless {@code from} names an origin: then there must be one
 * @param from where the file comes from, which sets the rules for its keys; what follows adds to
 *     them
 * @param random whether the generator begins with random values though {@code from} names an origin
 * @param rename beginnings of keys, FROM=TO, whole components: layer5=layer6, or {@code backbone.=}
 *     to leave one out. A beginning that all keys share is found without
 * @param skip keys of the file that are left out, regular expressions of whole keys
 * @param keep keys of the network that may keep their random values, regular expressions of whole
 *     keys
 * @param key where the tensors are in a file that holds several dictionaries of them: model_state,
 *     or parts joined by dots; by default they are found
 */
public record InitialWeights(
    @Location @Default("''") String file,
    @Default("other") WeightsFrom from,
    @Default("false") boolean random,
    @Default("[]") List<String> rename,
    @Default("[]") List<String> skip,
    @Default("[]") List<String> keep,
    @Default("''") String key)
    implements Serializable {
  private static final Pattern RENAME = Pattern.compile("[^=\\s]+=[^=\\s]*");

  public InitialWeights {
    rename = List.copyOf(rename);
    skip = List.copyOf(skip);
    keep = List.copyOf(keep);
    new Ranges()
        .noPassword("file", file)
        .check(!random || file.isBlank(), "random", "no file with random: true", file)
        .check(
            rename.stream().allMatch(r -> RENAME.matcher(r).matches()),
            "rename",
            "FROM=TO or FROM= each",
            rename)
        .check(skip.stream().allMatch(InitialWeights::isRegex), "skip", "regular expressions", skip)
        .check(keep.stream().allMatch(InitialWeights::isRegex), "keep", "regular expressions", keep)
        .verify(InitialWeights.class);
  }

  /** Weights whose dictionary of tensors is found. */
  public InitialWeights(
      String file,
      WeightsFrom from,
      boolean random,
      List<String> rename,
      List<String> skip,
      List<String> keep) {
    this(file, from, random, rename, skip, keep, "");
  }

  /** Whether a network is what the file was trained in, as far as its origin says. */
  boolean fit(Model model, Normalisation normalisation) {
    return random || from.fits(model, normalisation);
  }

  /** What a network must be, for messages. */
  String needs(Model model) {
    return "%s, which weights from %s were trained with".formatted(from.needs(model), from.key());
  }

  /** What a network is, for messages. */
  static String found(Model model, Normalisation normalisation) {
    return "stride-on %s, normalisation %s, head-rates %s"
        .formatted(model.strideOn().key(), normalisation.key(), model.headRates());
  }

  /**
   * The same run with these initial weights.
   *
   * @throws ConfigException if its network is not the one that these were trained in
   */
  public RunConfig inPlaceOfThoseOf(RunConfig run) {
    try {
      return new RunConfig(
          run.run(),
          run.schedule(),
          run.output(),
          run.data(),
          run.model(),
          run.loss(),
          run.optimizer(),
          run.cluster(),
          run.evaluation(),
          run.tracking(),
          this);
    } catch (Ranges.ViolationsException e) {
      throw new ConfigException(
          e.violations().stream().map(v -> "initial-weights: " + v.text()).toList());
    }
  }

  /**
   * Requires that a run can begin.
   *
   * @param where the configuration, for the message
   * @throws ConfigException if there must be a file and there is none
   */
  public void require(String where) {
    if (!given() && !random && from != WeightsFrom.OTHER) {
      throw new ConfigException(
          where,
          List.of(
              "initial-weights.file: expected %s (docs/weights.md), found nothing; give it by --set initial-weights.file=FILE, or start from random values on purpose by --set initial-weights.random=true"
                  .formatted(from.wanted())));
    }
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
