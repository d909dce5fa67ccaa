package org.adaptseg.config.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parses YAML of bounded size and depth into {@link YamlNode}s. Aliases are refused: they buy
 * nothing here, and nested ones expand without bound. So are tags of foreign types, which mean
 * nothing here.
 */
public final class YamlReader {
  public static final int MAX_CHARACTERS = 1 << 20;
  static final int MAX_DEPTH = 20;
  private static final YAMLFactory FACTORY = new YAMLFactory();

  /** Tags of what is read anyway: every value is a text until its key says what it is. */
  private static final Set<String> PLAIN_TAGS =
      Set.of("str", "int", "float", "bool", "null", "map", "seq").stream()
          .map("tag:yaml.org,2002:"::concat)
          .collect(Collectors.toUnmodifiableSet());

  private final String where;
  private final boolean showLines;
  private final String folder;
  private final List<String> problems = new ArrayList<>();

  private YamlReader(String where, boolean showLines) {
    this.where = where;
    this.showLines = showLines;
    this.folder = showLines ? Locations.folderOf(where) : "";
  }

  /** Parses a file's text. */
  public static YamlNode parse(String text, String where) {
    return new YamlReader(where, true).read(text);
  }

  /** Parses a text that is not a file, such as one option's value. */
  public static YamlNode parseValue(String text, String where) {
    return new YamlReader(where, false).read(text);
  }

  private YamlNode read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new ConfigException(
          where,
          List.of("expected at most " + MAX_CHARACTERS + " characters, found " + text.length()));
    }
    YamlSyntax syntax = new YamlSyntax(where, text);
    Optional<String> unreadable = syntax.unreadable();
    if (unreadable.isPresent()) {
      throw new ConfigException(where, List.of(unreadable.get()));
    }
    YamlNode root = new YamlNode.Scalar(null, where);
    try (YAMLParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != null) {
        root = value(parser, 0);
        if (parser.nextToken() != null) {
          problems.add("expected one document, found another (" + mark(parser) + ")");
        }
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      problems.add(syntax.describe(e.getOriginalMessage(), line));
    } catch (IOException e) {
      problems.add(e.getMessage());
    } catch (StackOverflowError e) {
      problems.add(tooDeep(where));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(where, problems);
    }
    return root;
  }

  private YamlNode value(YAMLParser parser, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException(tooDeep(mark(parser)));
    }
    String mark = mark(parser);
    if (parser.isCurrentAlias()) {
      problems.add(
          "expected a value, found the alias *"
              + parser.getText()
              + ", which is not replaced here; write out what it stands for ("
              + mark
              + ")");
      return new YamlNode.Scalar(null, mark);
    }
    String tag = parser.getTypeId();
    if (tag != null && !PLAIN_TAGS.contains(tag)) {
      problems.add("expected a value without a tag, found !<" + tag + "> (" + mark + ")");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, depth, mark);
      case START_ARRAY -> sequence(parser, depth, mark);
      case VALUE_NULL -> new YamlNode.Scalar(null, mark);
      default -> new YamlNode.Scalar(parser.getText(), mark, folder);
    };
  }

  private YamlNode mapping(YAMLParser parser, int depth, String mark) throws IOException {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyMark = mark(parser);
      parser.nextToken();
      YamlNode.Entry entry = new YamlNode.Entry(value(parser, depth + 1), keyMark);
      YamlNode.Entry earlier = entries.putIfAbsent(key, entry);
      if (earlier != null) {
        problems.add(
            key
                + ": expected each key once, found it again ("
                + keyMark
                + ", first at "
                + earlier.mark()
                + ")");
      }
    }
    return new YamlNode.Mapping(entries, mark);
  }

  private YamlNode sequence(YAMLParser parser, int depth, String mark) throws IOException {
    List<YamlNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, depth + 1));
    }
    return new YamlNode.Sequence(items, mark);
  }

  private static String tooDeep(String mark) {
    return "expected at most " + MAX_DEPTH + " levels, found more (" + mark + ")";
  }

  private String mark(YAMLParser parser) {
    return mark(parser.currentTokenLocation());
  }

  private String mark(JsonLocation location) {
    return showLines ? where + " line " + location.getLineNr() : where;
  }
}
