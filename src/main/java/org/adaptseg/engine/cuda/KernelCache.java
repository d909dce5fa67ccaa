package org.adaptseg.engine.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.function.Supplier;
import org.adaptseg.data.store.Sha256;
import org.bytedeco.javacpp.Loader;

/**
 * Machine code that was compiled before, beside the native libraries that JavaCPP unpacks. An entry
 * begins with the hash of what follows, so one that is damaged is compiled again. Where nothing can
 * be written, everything is compiled whenever it is needed.
 */
final class KernelCache {
  private static final int HASH = 64;

  private final Path folder; // null for none

  /**
   * A cache in a folder, which is made when it is first needed.
   *
   * @param folder null for none
   */
  KernelCache(Path folder) {
    this.folder = folder;
  }

  /** That of this user, or none where JavaCPP has no folder. */
  static KernelCache ofUser() {
    try {
      return new KernelCache(Loader.getCacheDir().toPath().resolve("adaptseg-kernels"));
    } catch (IOException e) {
      return new KernelCache(null);
    }
  }

  /**
   * Machine code.
   *
   * @param key a text of all that it depends on
   * @param compiler makes it where it is not there
   */
  byte[] get(String key, Supplier<byte[]> compiler) {
    if (folder == null) {
      return compiler.get();
    }
    Path file = folder.resolve(Sha256.of(key));
    byte[] found = read(file);
    if (found == null) {
      found = compiler.get();
      keep(file, found);
    }
    return found;
  }

  /** What is in an entry; null if there is none, or a damaged one. */
  private static byte[] read(Path file) {
    try {
      byte[] all = Files.readAllBytes(file);
      if (all.length <= HASH) {
        return null;
      }
      byte[] code = Arrays.copyOfRange(all, HASH, all.length);
      String hash = new String(all, 0, HASH, StandardCharsets.ISO_8859_1);
      return hash.equals(Sha256.of(code)) ? code : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Another process sees all of an entry or none. */
  private void keep(Path file, byte[] code) {
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "kernels", ".part");
      try {
        byte[] all =
            Arrays.copyOf(
                Sha256.of(code).getBytes(StandardCharsets.ISO_8859_1), HASH + code.length);
        System.arraycopy(code, 0, all, HASH, code.length);
        Files.write(part, all);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      // It is compiled again the next time.
    }
  }
}
