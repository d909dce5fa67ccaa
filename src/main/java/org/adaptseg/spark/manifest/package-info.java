/** Ingesting a dataset on the cluster and keeping its manifest as Parquet. */
package org.adaptseg.spark.manifest;
