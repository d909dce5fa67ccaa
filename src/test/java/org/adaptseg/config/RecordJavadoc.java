package org.adaptseg.config;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What the sources of a package and of those in it say of types, record components and constants.
 */
final class RecordJavadoc {
  private final Map<String, String> texts = new HashMap<>();

  /** Parses all sources below a directory; nothing is compiled. */
  static RecordJavadoc of(Path directory) throws IOException {
    RecordJavadoc javadoc = new RecordJavadoc();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(directory);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(sources));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        javadoc.new Reader(trees).scan(unit, "");
      }
    }
    return javadoc;
  }

  private final class Reader extends TreePathScanner<Void, String> {
    private final DocTrees trees;

    Reader(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree type, String outer) {
      String name =
          outer.isEmpty() ? type.getSimpleName().toString() : outer + "." + type.getSimpleName();
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        texts.put(name, join(comment.getFullBody()));
        for (DocTree tag : comment.getBlockTags()) {
          if (tag instanceof ParamTree parameter) {
            texts.put(name + "#" + parameter.getName(), join(parameter.getDescription()));
          }
        }
      }
      return super.visitClass(type, name);
    }

    @Override
    public Void visitVariable(VariableTree variable, String outer) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        texts.put(outer + "#" + variable.getName(), join(comment.getFullBody()));
      }
      return super.visitVariable(variable, outer);
    }
  }

  private static String join(List<? extends DocTree> parts) {
    return parts.stream().map(DocTree::toString).collect(Collectors.joining()).strip();
  }

  /** The first sentence of a type's comment, in Markdown. */
  String ofType(Class<?> type) {
    String text = texts.getOrDefault(name(type), "");
    return markdown(type, text.replaceAll("(?s)(\\.)(\\s|$).*", "$1"));
  }

  /** What is said of a record component or an enum constant, in Markdown. */
  String of(Class<?> type, String member) {
    return markdown(type, texts.getOrDefault(name(type) + "#" + member, ""));
  }

  private static String name(Class<?> type) {
    return type.getDeclaringClass() == null
        ? type.getSimpleName()
        : name(type.getDeclaringClass()) + "." + type.getSimpleName();
  }

  private static String markdown(Class<?> type, String javadoc) {
    String text = javadoc.replaceAll("\\s+", " ").replaceAll("</?p>", " ");
    text = text.replaceAll("\\{@(?:code|literal) ([^}]*)}", "`$1`");
    text = text.replaceAll("\\{@link #?([^}]*)}", "`$1`");
    var value = java.util.regex.Pattern.compile("\\{@value #?([A-Za-z_]+)}").matcher(text);
    return value
        .replaceAll(match -> constant(type, match.group(1)))
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("|", "\\|");
  }

  private static String constant(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getDeclaringClass()) {
      try {
        var field = at.getDeclaredField(name);
        field.setAccessible(true);
        return "`" + field.get(null) + "`";
      } catch (NoSuchFieldException e) {
        // perhaps of the type around it
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    for (Class<?> parent : type.getInterfaces()) {
      return constant(parent, name);
    }
    throw new IllegalStateException("Cannot show {@value %s} of %s".formatted(name, type));
  }
}
