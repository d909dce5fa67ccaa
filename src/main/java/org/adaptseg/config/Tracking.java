package org.adaptseg.config;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;
import org.adaptseg.config.yaml.Secrets;

/**
 * Servers that track a run.
 *
 * @param mlflow an MLflow tracking server
 */
public record Tracking(@Default("{}") Mlflow mlflow) implements Serializable {

  /**
   * An MLflow tracking server. Credentials come from the environment (MLFLOW_TRACKING_USERNAME and
   * MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN), never from here: a configuration is saved
   * with its run.
   *
   * @param uri http, https or databricks; empty: what MLFLOW_TRACKING_URI names, or none
   * @param experiment the experiment that runs belong to; made if it is not there
   */
  public record Mlflow(@Default("''") String uri, @Default("adaptseg") String experiment)
      implements Serializable {
    public Mlflow {
      new Ranges()
          .check(
              uri.matches("|https?://\\S+|databricks(://\\S+)?") && !Secrets.namesUser(uri),
              "uri",
              "an http, https or databricks URI without user and password",
              "another text")
          .notBlank("experiment", experiment)
          .verify(Mlflow.class);
    }
  }
}
