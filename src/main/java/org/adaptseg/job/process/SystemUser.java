package org.adaptseg.job.process;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * The user that Hadoop works as. In a container the number of the user may have no entry and no
 * home directory; Hadoop's own look-up then ends in a stack trace.
 */
public final class SystemUser {
  private SystemUser() {}

  /**
   * Gives this process a user where the system has none.
   *
   * @throws IllegalStateException if Kerberos knows none, or Java is too new for Hadoop to ask
   */
  public static void ensure() {
    try {
      UserGroupInformation.getCurrentUser();
    } catch (UnsupportedOperationException e) {
      // Java 23 and newer refuse Subject.getSubject, by which Hadoop's client asks.
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot start: expected Java 17 to 22, which Hadoop's client works with, found %d (%s)",
              Runtime.version().feature(),
              System.getProperty("java.home")),
          e);
    } catch (IOException e) {
      if (UserGroupInformation.isSecurityEnabled()) {
        throw new IllegalStateException(
            "Cannot log in: expected a user that Kerberos knows, found none (kinit, or --keytab and --principal of spark-submit)",
            e);
      }
      UserGroupInformation.setLoginUser(
          UserGroupInformation.createRemoteUser(name(System.getenv())));
    }
  }

  /** As Hadoop and Spark would be told. */
  static String name(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HADOOP_USER_NAME"))
        .or(() -> Optional.ofNullable(environment.get("SPARK_USER")))
        .or(() -> Optional.ofNullable(environment.get("USER")))
        .filter(name -> !name.isBlank())
        .orElse("adaptseg");
  }
}
