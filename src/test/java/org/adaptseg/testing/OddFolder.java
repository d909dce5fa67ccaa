package org.adaptseg.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders with what stores allow and systems leave. */
public final class OddFolder {
  /** Names of images with characters that mean something to a shell, a URI, a glob or a page. */
  public static final List<String> NAMES =
      List.of(
          " lead.png",
          "\"q\".png",
          "#a.png",
          "$H.png",
          "%41.png",
          "'s'.png",
          "*.png",
          "+&.png",
          "-lead.png",
          "50%.png",
          "<b>&amp;.png",
          "@a.png",
          "_u.png",
          "a b.png",
          "a=b,c;d.png",
          "b[1].png",
          "back\\slash.png",
          "c:olon.png",
          "esc\u001b[31m.png",
          "new\nline.png",
          "q?.png",
          "tab\t.png",
          "trail .png",
          "x".repeat(251) + ".png",
          "{x,y}.png",
          "~x.png");

  /** What is no image of a folder's, whoever looks. */
  public static final List<String> LEFT =
      List.of(
          "._a.png",
          ".DS_Store",
          "Thumbs.db",
          "desktop.ini",
          ".a.png.swp",
          "@eaDir/a.png",
          "__MACOSX/a.png",
          ".ipynb_checkpoints/a.png",
          "_SUCCESS",
          "a.png~",
          "notes.txt");

  private OddFolder() {}

  /** Writes files of one content. */
  public static void write(Path folder, List<String> names, byte[] content) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    }
  }

  /** Adds a link to nothing and one to the folder itself. */
  public static void link(Path folder) throws IOException {
    Files.createSymbolicLink(folder.resolve("broken.png"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("loop"), Path.of("."));
  }
}
