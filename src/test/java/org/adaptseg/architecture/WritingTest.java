package org.adaptseg.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Set;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.job.process.StandardOutput;
import org.adaptseg.weights.WeightFiles;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;

/** Files are written in one place, so that none is ever there in part. */
class WritingTest {
  private static final Set<String> OF_FILE_SYSTEMS =
      Set.of(
          "create",
          "createFile",
          "createNewFile",
          "createNonRecursive",
          "append",
          "appendFile",
          "copyFromLocalFile",
          "moveFromLocalFile");
  private static final Set<String> OF_FILES =
      Set.of("write", "writeString", "newOutputStream", "newBufferedWriter", "copy", "move");

  @Test
  void onlyWholeFileWritesFiles() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(WholeFile.class)
        // Writes a file that it deletes at once.
        .and()
        .doNotBelongToAnyOf(StoreProbe.class)
        // Copies an archive to a temporary file of this machine.
        .and()
        .doNotBelongToAnyOf(WeightFiles.class)
        // Keeps machine code beside JavaCPP's libraries, also under another name first.
        .and()
        .doNotHaveFullyQualifiedName("org.adaptseg.engine.cuda.KernelCache")
        // Writes to where the process's output goes.
        .and()
        .doNotBelongToAnyOf(StandardOutput.class)
        .should()
        .accessTargetWhere(describe("a file is written", WritingTest::writes))
        .check(House.CLASSES);
  }

  private static boolean writes(JavaAccess<?> access) {
    JavaClass owner = access.getTarget().getOwner();
    String name = access.getTarget().getName();
    if (owner.isAssignableTo(FileSystem.class) || owner.isAssignableTo(FileContext.class)) {
      return OF_FILE_SYSTEMS.contains(name);
    }
    if (owner.isEquivalentTo(Files.class)) {
      return OF_FILES.contains(name);
    }
    return owner.isEquivalentTo(FileOutputStream.class)
        || owner.isEquivalentTo(FileWriter.class)
        || owner.isEquivalentTo(RandomAccessFile.class)
        || owner.isEquivalentTo(FileChannel.class) && name.equals("open");
  }
}
