/** Tells an MLflow tracking server of a run, if one is configured. */
package org.adaptseg.report.mlflow;
