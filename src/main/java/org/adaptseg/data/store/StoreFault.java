package org.adaptseg.data.store;

import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** What went wrong at a store, in one line that a user understands. */
public final class StoreFault {
  /**
   * The AWS SDK's first version: {@code text (Service: S3; Status Code: 403; Error Code: C; …)}.
   */
  private static final Pattern FIRST_SDK =
      Pattern.compile(
          "([^:]*) \\(Service: [^;)]*; Status Code: (\\d+); Error Code: ([^;)]*)[^)]*\\)");

  /** The second: {@code text (Service: S3, Status Code: 403, …):C:}, the code being Hadoop's. */
  private static final Pattern SECOND_SDK =
      Pattern.compile("([^:]*) \\(Service: [^,)]*, Status Code: (\\d+)[^)]*\\)[^:]*(?::(\\w+))?");

  private static final int LONGEST = 300;

  private StoreFault() {}

  /** The cause, without the SDK's request numbers. */
  public static String describe(Throwable fault) {
    if (fault instanceof FileNotFoundException) {
      return "none";
    }
    for (Throwable t = fault; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      for (Pattern pattern : new Pattern[] {FIRST_SDK, SECOND_SDK}) {
        Matcher matcher = pattern.matcher(text);
        if (matcher.find()) {
          String code = matcher.group(3) == null ? "" : " " + matcher.group(3).strip();
          return "%s (%s%s)".formatted(matcher.group(1).strip(), matcher.group(2), code);
        }
      }
    }
    Throwable root = fault;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    Optional<String> hint = hint(root);
    if (hint.isPresent()) {
      return hint.get();
    }
    String text = root.getClass().getSimpleName() + ": " + root.getMessage();
    String line = text.lines().findFirst().orElse(text);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /** What is missing where a scheme has no client. */
  private static Optional<String> hint(Throwable root) {
    String text = String.valueOf(root.getMessage());
    if (root instanceof UnsupportedFileSystemException) {
      return Optional.of(
          text.matches(".*\"s3n?\".*")
              ? "no store of that scheme here: outside EMR, s3:// is written s3a://"
              : "no store of that scheme here (%s)".formatted(text));
    }
    if (root instanceof FileAlreadyExistsException || root instanceof NotDirectoryException) {
      return Optional.of("a file of that name");
    }
    if (root instanceof ParentNotDirectoryException) {
      return Optional.of("a file where a folder of the path would be");
    }
    if (root instanceof UnknownHostException) {
      return Optional.of("no host of that name (%s)".formatted(text));
    }
    if (root instanceof UnsupportedOperationException) {
      return Optional.of(
          "a place whose folders cannot be listed, such as a web server; download the files");
    }
    if (root instanceof ClassNotFoundException
        && text.matches("com\\.amazonaws\\..*|software\\.amazon\\..*|.*\\.s3a\\..*")) {
      return Optional.of(
          "no client of S3 (jobs/local.sh and jobs/submit.sh bring it without SPARK_HOME; a Spark of"
              + " your own needs --packages org.apache.hadoop:hadoop-aws of its Hadoop's version)");
    }
    if (root instanceof ClassNotFoundException) {
      return Optional.of(
          "no client of that store (%s: this Spark needs --packages that bring it)"
              .formatted(text));
    }
    return Optional.empty();
  }
}
