/** Reports a run to an MLflow tracking server, if one is configured. */
package org.adaptseg.report.mlflow;
