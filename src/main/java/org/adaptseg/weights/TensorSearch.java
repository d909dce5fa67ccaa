package org.adaptseg.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.adaptseg.weights.TorchConstructs.TensorReference;

/**
 * Finds the dictionary of tensors in what was saved: training programs keep epochs, arguments,
 * optimisers and several networks beside it. A model that was pickled as a whole counts as its
 * state_dict.
 */
final class TensorSearch {
  /** Where tensors of an optimiser or of statistics are, which are no weights. */
  private static final Pattern OF_TRAINING =
      Pattern.compile("(?i).*(optim|sched|scaler|rng|random|history|metric|callback|loop).*");

  /** What a network's dictionary is usually called, among several of a size. */
  private static final List<String> USUAL =
      List.of(
          "state_dict",
          "model_state_dict",
          "model_state",
          "model",
          "net",
          "network",
          "generator",
          "net_G",
          "netG",
          "G",
          "weights",
          "params",
          "module");

  private static final int MAX_DEPTH = 8;
  private static final int MAX_MODULE_DEPTH = 100;
  private static final int MAX_ENTRIES = 1_000_000;
  private static final int SHOWN = 12;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Found> candidates = new ArrayList<>();
  private final List<String> top = new ArrayList<>();
  private int entries;

  private TensorSearch() {}

  /**
   * A dictionary of tensors.
   *
   * @param path keys that lead to it, joined by dots; empty if it is what was saved
   * @param map its entries
   * @param others dictionaries of about its size, which might be meant too, for a person
   */
  record Found(String path, Map<?, ?> map, String others) {
    /** Number of tensors that may be weights. */
    private int tensors() {
      return (int) map.entrySet().stream().filter(TensorSearch::mayBeWeights).count();
    }

    private String name() {
      return path.substring(path.lastIndexOf('.') + 1);
    }

    private String show() {
      return String.format(
          Locale.ROOT,
          "%s (%d tensors)",
          path.isEmpty() ? "the whole" : "'" + path + "'",
          tensors());
    }
  }

  /**
   * The dictionary to take.
   *
   * @param key where it is, parts joined by dots; empty to find it
   * @throws WeightsException if there is none, or several that it may be
   */
  static Found find(Object value, String key) {
    TensorSearch search = new TensorSearch();
    search.walk("", value, 0);
    return key.isBlank() ? search.best() : search.named(value, key);
  }

  private void walk(String path, Object value, int depth) {
    Map<?, ?> map = dictionary(value);
    if (depth > MAX_DEPTH || map.isEmpty() || !seen.add(value)) {
      return;
    }
    if (map.entrySet().stream().anyMatch(TensorSearch::mayBeWeights)) {
      candidates.add(new Found(path, map, ""));
    }
    map.forEach(
        (key, entry) -> {
          count();
          if (depth == 0 && top.size() < SHOWN) {
            top.add("%s (%s)".formatted(text(key), PassedOver.what(entry)));
          }
          if (key instanceof String || key instanceof Long) {
            walk(path.isEmpty() ? text(key) : path + "." + key, entry, depth + 1);
          }
        });
  }

  private void count() {
    if (++entries > MAX_ENTRIES) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "Cannot find tensors: expected at most %d entries, found more",
              MAX_ENTRIES));
    }
  }

  private static boolean mayBeWeights(Map.Entry<?, ?> entry) {
    return entry.getValue() instanceof TensorReference tensor
        && tensor.storage().type().isReal()
        && !OF_TRAINING.matcher(text(entry.getKey())).matches();
  }

  private static String text(Object key) {
    return key instanceof String || key instanceof Long ? String.valueOf(key) : "an object";
  }

  private Found best() {
    List<Found> weights =
        candidates.stream()
            .filter(c -> !OF_TRAINING.matcher(c.path()).matches())
            .sorted(Comparator.comparingInt(Found::tensors).reversed())
            .toList();
    if (weights.isEmpty()) {
      throw new WeightsException(
          "Cannot find tensors: expected a dictionary of them, found %s"
              .formatted(top.isEmpty() ? "none" : "none; there are " + String.join(", ", top)));
    }
    int most = weights.get(0).tensors();
    List<Found> large = weights.stream().filter(c -> 2 * c.tensors() >= most).toList();
    if (large.size() == 1) {
      return large.get(0);
    }
    Optional<Found> whole = large.stream().filter(c -> c.path().isEmpty()).findAny();
    Found usual =
        whole
            .or(
                () ->
                    USUAL.stream()
                        .flatMap(name -> large.stream().filter(c -> c.name().equals(name)))
                        .findFirst())
            .orElseThrow(
                () ->
                    new WeightsException(
                        "Cannot choose tensors: expected one dictionary of them, found %s; name one by --key (initial-weights.key)"
                            .formatted(show(large))));
    return new Found(
        usual.path(), usual.map(), show(large.stream().filter(c -> c != usual).toList()));
  }

  private Found named(Object value, String key) {
    Map<?, ?> map = descend(value, key, 0);
    if (map.values().stream().noneMatch(TensorReference.class::isInstance)) {
      throw new WeightsException(
          "Cannot find tensors: expected a dictionary of them under the key '%s', found %s; there are %s"
              .formatted(
                  key,
                  map.isEmpty() ? "none" : "one without tensors",
                  candidates.isEmpty()
                      ? (top.isEmpty() ? "no keys" : String.join(", ", top))
                      : show(candidates)));
    }
    return new Found(key, map, "");
  }

  /** A key may hold dots itself, so the longest that is there goes first. */
  private Map<?, ?> descend(Object value, String key, int depth) {
    Map<?, ?> map = dictionary(value);
    if (key.isEmpty() || depth > MAX_DEPTH) {
      return map;
    }
    for (int end = key.length(); end > 0; end = key.lastIndexOf('.', end - 1)) {
      String first = key.substring(0, end);
      Object next = map.get(first);
      if (next == null && first.matches("\\d{1,18}")) {
        next = map.get(Long.valueOf(first));
      }
      if (next != null) {
        Map<?, ?> found = descend(next, key.substring(Math.min(key.length(), end + 1)), depth + 1);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return Map.of();
  }

  private static String show(List<Found> all) {
    List<String> shown = all.stream().limit(SHOWN).map(Found::show).toList();
    int more = all.size() - shown.size();
    return String.join(", ", shown)
        + (more > 0 ? String.format(Locale.ROOT, " and %d more", more) : "");
  }

  /** The entries of a dictionary or of an object that has some; empty if it has none. */
  private Map<?, ?> dictionary(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    if (!(value instanceof PassedOver passed)) {
      return Map.of();
    }
    Map<Object, Object> attributes = passed.entries();
    if (!isModule(attributes)) {
      return attributes;
    }
    Map<Object, Object> state = new LinkedHashMap<>();
    flatten("", attributes, state, 0);
    return state;
  }

  /** A model that was pickled: what its {@code state_dict()} would have given. */
  private static boolean isModule(Map<?, ?> attributes) {
    return attributes.get("_parameters") instanceof Map
        && attributes.get("_modules") instanceof Map;
  }

  private void flatten(String prefix, Map<?, ?> attributes, Map<Object, Object> state, int depth) {
    count();
    if (depth > MAX_MODULE_DEPTH) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "Cannot find tensors: expected modules in at most %d others, found more",
              MAX_MODULE_DEPTH));
    }
    for (String kind : List.of("_parameters", "_buffers")) {
      if (attributes.get(kind) instanceof Map<?, ?> tensors) {
        tensors.forEach(
            (name, tensor) -> {
              count();
              if (tensor != null) {
                state.put(prefix + text(name), tensor);
              }
            });
      }
    }
    ((Map<?, ?>) attributes.get("_modules"))
        .forEach(
            (name, module) -> {
              if (module instanceof PassedOver child && isModule(child.entries())) {
                flatten(prefix + text(name) + ".", child.entries(), state, depth + 1);
              }
            });
  }
}
