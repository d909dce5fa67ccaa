package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims on the local file system. */
class DirectoryClaimTest extends DirectoryClaims {
  @TempDir private java.nio.file.Path directory;
  private int number;

  @Override
  Path directory() {
    return new Path(directory.resolve("run " + number++).toUri());
  }

  @Override
  Configuration settings() {
    return new Configuration();
  }

  @Test
  void aProcessIsKnownByItsStartAsWellAsItsId() {
    Claimant here = Claimant.here(300);
    assertThat(here.isRunning()).isTrue();
    assertThat(here.sees(here)).isTrue();
    assertThat(gone().isRunning()).isFalse();
    Claimant before =
        new Claimant(
            "0", here.host(), here.process(), "1", here.machine(), here.user(), here.since(), 300);
    assertThat(before.isRunning()).isFalse();
    assertThat(before.isOfProcessOf(here)).isFalse();
  }

  @Test
  void aProcessOfAnotherMachineOrUserIsNotSeen() {
    Claimant here = Claimant.here(300);
    Claimant machine =
        new Claimant("0", here.host(), 1, "1", "other boot", here.user(), here.since(), 300);
    Claimant user =
        new Claimant("0", here.host(), 1, "1", here.machine(), "another", here.since(), 300);
    assertThat(here.sees(machine)).isFalse();
    assertThat(here.sees(user)).isFalse();
  }
}
